/** What comes of adopting an account: a setup file, what is left out of it and why, and what changes for somebody. */
import type { SetupFile } from '../desired-state/setup-file.ts';

export interface Adopted {
  readonly file: SetupFile;
  readonly leftOut: readonly LeftOut[];
  readonly notes: readonly AdoptNote[];
}

export interface LeftOut {
  readonly kind: 'user' | 'role';
  readonly name: string;
  readonly because: Reason;
}

export type Reason =
  | { readonly type: 'of-aws' }
  | { readonly type: 'other-setup'; readonly setup: string }
  /** Services, identity providers, roles or other accounts enter it. */
  | { readonly type: 'no-codes'; readonly principals: readonly string[] }
  /** Its trust policy says what a gate can't. */
  | { readonly type: 'says-more'; readonly parts: readonly string[] }
  | { readonly type: 'nobody-enters' }
  /** No setup file can say it. */
  | { readonly type: 'unsayable'; readonly problem: string };

/** What somebody should know before the file is applied. */
export type AdoptNote =
  /** Sessions of these roles get in today, and won't through a gate. */
  | { readonly type: 'entered-by-roles'; readonly role: string; readonly by: readonly string[] }
  /** These are allowed in under conditions that the account's data can't answer; the file doesn't name them. */
  | { readonly type: 'conditional'; readonly role: string; readonly users: readonly string[] }
  /** It enters roles and has no MFA device: a person who has yet to enrol one, or a program that never can. */
  | { readonly type: 'no-device'; readonly user: string; readonly roles: readonly string[] }
  /** The file can't say these tags; they stay as they are. */
  | {
      readonly type: 'tags-unsaid';
      readonly kind: 'user' | 'role';
      readonly name: string;
      readonly keys: readonly string[];
    };
