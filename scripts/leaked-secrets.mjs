// Every secret that the tests made, looked for in all that they saw: command lines, environments, outputs, files.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Shorter ones would be found in any text. */
const SHORTEST = 12;

/**
 * The files of a run's folder: `secrets` (a JSON string a line, see test/support/made-secrets.ts), `processes` and
 * `outputs` ({what, of, text} a line). Answers a line for each text that holds a secret; none shows one.
 */
export function leakedSecrets(folder) {
  const secrets = new Set(linesOf(join(folder, 'secrets')).flatMap((secret) => [secret, encodeURIComponent(secret)]));
  const byBeginning = new Map();
  for (const secret of secrets) {
    if (secret.length < SHORTEST) continue;
    const beginning = secret.slice(0, SHORTEST);
    byBeginning.set(beginning, [...(byBeginning.get(beginning) ?? []), secret]);
  }
  const leaks = [...linesOf(join(folder, 'processes')), ...linesOf(join(folder, 'outputs'))].flatMap(
    ({ what, of, text }) => (holdsOne(text, byBeginning) ? [`a secret was in ${what} (${of})`] : []),
  );
  return [...new Set(leaks)];
}

/** How many there are of each: a check that saw nothing has shown nothing. */
export function seenSoFar(folder) {
  const count = (name) => linesOf(join(folder, name)).length;
  return { secrets: count('secrets'), processes: count('processes'), outputs: count('outputs') };
}

function holdsOne(text, byBeginning) {
  for (let at = 0; at + SHORTEST <= text.length; at += 1) {
    const candidates = byBeginning.get(text.slice(at, at + SHORTEST));
    if (candidates?.some((secret) => text.startsWith(secret, at))) return true;
  }
  return false;
}

function linesOf(file) {
  if (!existsSync(file)) return [];
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));
}
