import { limitCases } from './arbitrary-case.ts';
import { expectAgreement } from './expect-agreement.ts';

expectAgreement('identity policies and their limits', limitCases);
