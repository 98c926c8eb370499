import type { Call } from '../operation.ts';

/**
 * A function of the call that is worked out when it is first asked for: the check, the parts of the authorisation row
 * and the handler all read the same parameters. Only the last call's is kept, since a call is answered before the next
 * one begins.
 */
export function oncePerCall<T extends object>(compute: (call: Call) => T): (call: Call) => T {
  let last: { readonly call: Call; readonly value: T } | undefined;
  return (call) => {
    if (last?.call !== call) last = { call, value: compute(call) };
    return last.value;
  };
}
