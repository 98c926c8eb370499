/** What a plan does to one user or role, as data: for the person who is asked, and for the steps that do it. */
import type { Tag } from '../../account/account.ts';
import type { PolicyDiff } from './policy-diff.ts';

export type Change =
  | { readonly type: 'create' }
  | {
      readonly type: 'trust';
      readonly before: string;
      readonly after: string;
      readonly diff: PolicyDiff;
    }
  /** Without `before` it is new, without `after` it goes. */
  | {
      readonly type: 'inline';
      readonly name: string;
      readonly before?: string;
      readonly after?: string;
      readonly diff: PolicyDiff;
    }
  | { readonly type: 'attach' | 'detach'; readonly arn: string }
  | { readonly type: 'boundary'; readonly before?: string; readonly after?: string }
  | { readonly type: 'settings'; readonly before: RoleSettingsChange; readonly after: RoleSettingsChange }
  | { readonly type: 'leave-group'; readonly group: string }
  | { readonly type: 'tags'; readonly set: readonly Tag[]; readonly unset: readonly string[] }
  /** The first device may be enrolled for this long from when it is done. */
  | { readonly type: 'open-bootstrap'; readonly seconds: number }
  | { readonly type: 'close-bootstrap'; readonly before: string; readonly because: 'enrolled' | 'over' | 'altered' }
  /** The sessions that it ended are over by themselves, or it isn't what was written. */
  | { readonly type: 'forget-ended-sessions'; readonly before: string; readonly because: 'over' | 'altered' }
  /** A key is made, encrypted to this recipient. */
  | { readonly type: 'access-key'; readonly recipient: string };

export interface RoleSettingsChange {
  readonly maxSessionSeconds: number;
  readonly description: string;
}

/** What is there and isn't in the file, on an entity that was there before: shown, and left. */
export type Extra =
  | { readonly type: 'inline'; readonly name: string }
  | { readonly type: 'attached'; readonly arn: string }
  | { readonly type: 'group'; readonly name: string }
  | { readonly type: 'boundary'; readonly arn: string }
  /** Sessions of these roles get into this one until it is gated. */
  | { readonly type: 'entering-roles'; readonly names: readonly string[] }
  /** A reset of the user's device was stopped before its end. */
  | { readonly type: 'reset-begun' };

/** What becomes of one entity. */
export interface EntityPlan {
  readonly arn: string;
  readonly name: string;
  readonly state: 'new' | 'there';
  /** None: it is left as it is. */
  readonly changes: readonly Change[];
  readonly extras: readonly Extra[];
  /** What its tags name, before and when all is done. */
  readonly partsBefore: readonly string[];
  readonly partsAfter: readonly string[];
}
