/** A home whose profiles sign in to a tried sandbox, for a setup that runs in this process. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { Keys, TriedSandbox } from './sandbox-clients.ts';

/** Answers its path; it goes with the test. */
export function setupHome({ sandbox: { endpoint } }: TriedSandbox, profiles: Readonly<Record<string, Keys>>): string {
  const home = mkdtempSync(join(tmpdir(), 'stepup-setup-'));
  onTestFinished(() => rmSync(home, { recursive: true, force: true }));
  mkdirSync(join(home, '.aws'));
  const config = Object.keys(profiles).map(
    (name) => `[profile ${name}]\nregion = eu-west-1\nendpoint_url = ${endpoint}\n`,
  );
  writeFileSync(join(home, '.aws/config'), config.join(''));
  const credentials = Object.entries(profiles).map(
    ([name, { accessKeyId, secretAccessKey }]) =>
      `[${name}]\naws_access_key_id = ${accessKeyId}\naws_secret_access_key = ${secretAccessKey}\n`,
  );
  writeFileSync(join(home, '.aws/credentials'), credentials.join(''), { mode: 0o600 });
  return home;
}
