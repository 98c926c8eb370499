/** Pairs of AWS files, edits of them, and what every client must see before and after. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { isStepupError } from '../../../src/errors.ts';
import { parseAwsFiles } from '../../../src/profiles/aws-files.ts';
import { type AwsEdit, editedText } from '../../../src/profiles/update.ts';
import {
  agreedTitle,
  configTitle,
  credentialsTitle,
  fileText,
  keys,
  plainValue,
  profileNames,
} from '../../support/aws-file-text.ts';

export interface Texts {
  readonly config: string;
  readonly credentials: string;
}

export interface Case {
  readonly name: string;
  readonly before: Texts;
  readonly after: Texts;
  readonly edits: readonly AwsEdit[];
}

const FIXTURES = join(import.meta.dirname, '../../../src/profiles/fixtures');
const paths = { config: 'config', credentials: 'credentials' };

const file = fc.constantFrom('config' as const, 'credentials' as const);
const profile = fc.constantFrom(...profileNames);
const key = fc.constantFrom(...keys);
const edit: fc.Arbitrary<AwsEdit> = fc.oneof(
  fc.record({
    type: fc.constant('set' as const),
    file,
    profile,
    values: fc.dictionary(key, plainValue, { minKeys: 1, maxKeys: 3, noNullPrototype: true }),
  }),
  fc.record({
    type: fc.constant('remove-keys' as const),
    file,
    profile,
    keys: fc.uniqueArray(key, { minLength: 1, maxLength: 2 }),
  }),
  fc.record({ type: fc.constant('remove-profile' as const), file, profile }),
);

/** What a login writes, into each of the files that are like people's own. */
const LOGIN: readonly AwsEdit[] = [
  {
    type: 'set',
    file: 'credentials',
    profile: 'new-mfa',
    values: {
      aws_access_key_id: 'ASIAIOSFODNN7EXAMPLE',
      aws_secret_access_key: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
      aws_session_token: 'IQoJb3JpZ2luX2VjEXAMPLE//////////wEaCXVzLWVhc3QtMSJGMEQCIEXAMPLE==',
      expiration: '2026-02-03T16:05:06Z',
      stepup_base_key_id: 'AKIAIOSFODNN7EXAMPLE',
      stepup_endpoint: 'http://127.0.0.1:4566',
    },
  },
  { type: 'set', file: 'config', profile: 'new-mfa', values: { region: 'eu-west-1' } },
  { type: 'set', file: 'config', profile: 'work', values: { mfa_serial: 'arn:aws:iam::123456789012:mfa/alice' } },
  { type: 'set', file: 'config', profile: 'default', values: { region: 'eu-south-1', output: 'yaml' } },
  { type: 'remove-keys', file: 'config', profile: 'default', keys: ['s3'] },
];

export function fixtureCases(): Case[] {
  return readdirSync(FIXTURES).map((name) => {
    const text = readFileSync(join(FIXTURES, name), 'utf8');
    const isConfig = name.endsWith('.config');
    return makeCase(name, { config: isConfig ? text : '', credentials: isConfig ? '' : text }, LOGIN);
  });
}

/** @param seed so that a failure can be had again */
export function generatedCases(style: 'cli' | 'agreed', count: number, seed: number): Case[] {
  const title = style === 'agreed' ? agreedTitle : configTitle;
  const texts = fc.record({ config: fileText(title, style), credentials: fileText(credentialsTitle, style) });
  const inputs = fc.tuple(texts, fc.array(edit, { minLength: 1, maxLength: 4 }));
  return fc.sample(inputs, { numRuns: count, seed }).flatMap(([before, edits], index) => {
    try {
      return [makeCase(`${style} ${index} of seed ${seed}`, before, edits)];
    } catch (error) {
      // A file that doesn't parse, or an edit that would change more than it names, is refused: nothing to compare.
      if (isStepupError(error, 'aws-file-syntax') || isStepupError(error, 'aws-file-edit-unsafe')) return [];
      throw error;
    }
  });
}

function makeCase(name: string, before: Texts, edits: readonly AwsEdit[]): Case {
  const files = parseAwsFiles(paths, before.config, before.credentials);
  const after = { config: editedText(files.config, edits), credentials: editedText(files.credentials, edits) };
  return { name, before, after, edits };
}
