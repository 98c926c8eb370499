import type { Decision } from './decision.ts';
import type { AccessRequest, PolicySet } from './request.ts';

/** Whether the policies let the request through: AWS's evaluation logic. Never throws. */
export declare function decide(request: AccessRequest, policies: PolicySet): Decision;
