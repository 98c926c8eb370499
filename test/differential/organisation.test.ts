import { organisationCases } from './arbitrary-case.ts';
import { expectAgreement } from './expect-agreement.ts';

expectAgreement('control policies', organisationCases);
