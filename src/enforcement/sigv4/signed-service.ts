import type { SignatureClaim } from './claim.ts';
import type { Dialect } from './dialect.ts';
import { TERMINATOR } from './scope.ts';

/** The service that a request must have been signed for. */
export interface SignedService {
  /** As in the credential scope: `sts`, `iam`, `s3`. */
  readonly name: string;
  readonly dialect: Dialect;
  /** Regions that the scope may name, the one to point at first; `any`: every name that has the shape of a region. */
  readonly regions: 'any' | readonly string[];
}

/** How the regions of AWS's partitions begin, and what follows. */
const REGION = /^(af|ap|ca|cn|eu|eusc|il|me|mx|sa|us)(-[a-z]{2,12}){1,3}-\d{1,2}$/;

/** Does the scope fit the service, and its date the signature's? Throws Refusal. */
export function checkScope(claim: SignatureClaim, service: SignedService): void {
  const { form, scope, timestamp } = claim;
  const { refuse } = service.dialect;
  if (scope.terminator !== TERMINATOR) throw refuse.wrongTerminator(form, scope.terminator);
  if (scope.service !== service.name) throw refuse.wrongService(form, scope.service, service.name);
  const { regions } = service;
  if (regions === 'any' ? !REGION.test(scope.region) : !regions.includes(scope.region)) {
    throw refuse.wrongRegion(form, scope.region, regions === 'any' ? 'us-east-1' : (regions[0] ?? ''));
  }
  if (scope.date !== timestamp.slice(0, 8)) throw refuse.wrongScopeDate(form, scope.date, timestamp);
}
