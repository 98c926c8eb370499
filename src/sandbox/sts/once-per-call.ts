import type { Call } from '../operation.ts';

/**
 * A function of the call that is worked out when it is first asked for and kept as long as the call: the check, the
 * parts of the authorisation row and the handler all read the same parameters.
 */
export function oncePerCall<T extends object>(compute: (call: Call) => T): (call: Call) => T {
  const kept = new WeakMap<Call, T>();
  return (call) => {
    let value = kept.get(call);
    if (value === undefined) {
      value = compute(call);
      kept.set(call, value);
    }
    return value;
  };
}
