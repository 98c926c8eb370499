import { sessionCases } from './arbitrary-case.ts';
import { expectAgreement } from './expect-agreement.ts';

expectAgreement('sessions and their limits', sessionCases);
