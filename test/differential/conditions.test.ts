import { conditionCases } from './arbitrary-case.ts';
import { expectAgreement } from './expect-agreement.ts';

expectAgreement('conditions', conditionCases);
