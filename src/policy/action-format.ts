import type { PolicyKind } from './document.ts';
import type { Flaw } from './malformed.ts';

/** What nearly all of them look like. */
const WELL_FORMED = /^[0-9A-Za-z.-]+:[^:]*$/;

/** What IAM finds wrong with one value of Action or NotAction; `*` alone, and `*` for the whole service, it takes. */
export function actionFlaw(action: string, kind: PolicyKind): Omit<Flaw, 'location'> | undefined {
  if (kind === 'trust' && !/^sts:/i.test(action)) {
    return {
      aws: 'AssumeRole policy may only specify STS AssumeRole actions.',
      problem: `${JSON.stringify(action)} is no action of STS, and a trust policy is about nothing else`,
    };
  }
  if (action === '*' || WELL_FORMED.test(action)) return undefined;
  const colon = action.indexOf(':');
  if (colon < 0) {
    return {
      aws: 'Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.',
      problem: `${JSON.stringify(action)} names no service, as in "s3:GetObject"`,
    };
  }
  if (action.includes(':', colon + 1)) {
    return {
      aws: 'Actions/Condition can contain only one colon.',
      problem: `${JSON.stringify(action)} has more than one colon`,
    };
  }
  const service = action.slice(0, colon);
  if (service === '*' || /^[0-9A-Za-z.-]*$/.test(service)) return undefined;
  return { aws: `Vendor ${service} is not valid`, problem: `${JSON.stringify(service)} is no name of a service` };
}
