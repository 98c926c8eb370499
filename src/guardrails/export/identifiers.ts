/** Identifiers of a template language, which allows fewer characters than IAM's names do. */
import { createHash } from 'node:crypto';

/**
 * One identifier for each name, the same in every export: what `simplified` makes of it, and where two names become
 * the same, eight digits of the name's hash behind it. Another identifier would mean another resource.
 */
export function identifiers(names: readonly string[], simplified: (name: string) => string): (name: string) => string {
  const uses = new Map<string, number>();
  for (const name of new Set(names)) uses.set(simplified(name), (uses.get(simplified(name)) ?? 0) + 1);
  return (name) => {
    const id = simplified(name);
    return uses.get(id) === 1 ? id : `${id}${createHash('sha256').update(name).digest('hex').slice(0, 8)}`;
  };
}
