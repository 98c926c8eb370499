import type { FederatedCaller, RoleSessionCaller } from '../../enforcement/caller.ts';
import type { Randomness } from '../operation.ts';

/** Somebody who may sign in, once. */
export interface SignIn {
  readonly caller: RoleSessionCaller | FederatedCaller;
  /** When the console session ends. */
  readonly endsAtMs: number;
}

/** Sign-in tokens that were given out and not yet used. A restart forgets them: they live for minutes. */
export interface SignIns {
  /** Makes a token for it. */
  add(signIn: SignIn, nowMs: number): string;
  /** What the token stood for; from now on it stands for nothing. Undefined if it is used, too old or not ours. */
  take(token: string, nowMs: number): SignIn | undefined;
}

/** IAM User Guide, Enable custom identity broker access: the token "is valid for 15 minutes". */
const tokenLifetimeMs = 15 * 60 * 1000;
/** More than this many at once are nobody's; the oldest go. */
const mostTokens = 1_000;

export function createSignIns(random: Randomness): SignIns {
  const open = new Map<string, { readonly signIn: SignIn; readonly goodUntilMs: number }>();
  return {
    add(signIn, nowMs) {
      const token = random.bytes(32).toString('base64url');
      open.set(token, { signIn, goodUntilMs: nowMs + tokenLifetimeMs });
      const [oldest] = open.keys();
      if (open.size > mostTokens && oldest !== undefined) open.delete(oldest);
      return token;
    },
    take(token, nowMs) {
      const found = open.get(token);
      open.delete(token);
      return found !== undefined && nowMs < found.goodUntilMs ? found.signIn : undefined;
    },
  };
}
