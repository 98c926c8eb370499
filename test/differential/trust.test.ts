import { trustCases } from './arbitrary-case.ts';
import { expectAgreement } from './expect-agreement.ts';

expectAgreement('trust policies', trustCases);
