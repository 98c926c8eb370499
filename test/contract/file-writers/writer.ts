/**
 * A program that edits an AWS file again and again, with short rests, until its stdin ends: it adds one to its own
 * count and one to the total, in one edit, and then prints its own count.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { parseAwsFiles } from '../../../src/profiles/aws-files.ts';
import { updateAwsFiles } from '../../../src/profiles/update.ts';

const [folder = '', name = ''] = process.argv.slice(2);
const paths = { config: `${folder}/config`, credentials: `${folder}/credentials` };
const LONGEST_REST_MS = 400;
let isEnding = false;
process.stdin.resume().once('end', () => {
  isEnding = true;
});

while (!isEnding) {
  let count = 0;
  await updateAwsFiles(
    paths,
    ({ profiles }: ReturnType<typeof parseAwsFiles>) => {
      const next = (profile: string): number => Number(profiles.get(profile)?.settings.get('count')?.value ?? 0) + 1;
      count = next(name);
      return [
        { type: 'set', file: 'credentials', profile: name, values: { count: String(count) } },
        { type: 'set', file: 'credentials', profile: 'total', values: { count: String(next('total')) } },
      ];
    },
    { program: name, waitMs: 120_000 },
  );
  process.stdout.write(`${count}\n`);
  // Who lets go and asks again at once would nearly always be first.
  await sleep(Math.random() * LONGEST_REST_MS);
}
