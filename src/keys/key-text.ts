/** Long-term keys as AWS and people write them down: a line of a CSV, an answer of IAM, two lines. */
import { StepupError } from '../errors.ts';
import type { StoredKey } from './stored-key.ts';

/** As STS prints ids (API Reference, AccessKeyId): word characters, 16 to 128. */
const KEY_ID = /^\w{16,128}$/;

/**
 * The key, if it can be one.
 * @param source where it was read, for the error
 * @throws StepupError `key-malformed`
 */
export function keyFrom(id: string | undefined, secret: string | undefined, source: string): StoredKey {
  const accessKeyId = (id ?? '').trim();
  const secretAccessKey = (secret ?? '').trim();
  const fail = (problem: string): StepupError => new StepupError('key-malformed', { source, problem });
  if (accessKeyId === '' || secretAccessKey === '') throw fail('an access key id or its secret is missing');
  if (accessKeyId.startsWith('ASIA')) throw fail('these are temporary credentials, which end by themselves');
  if (!KEY_ID.test(accessKeyId)) throw fail('what should be the access key id has other characters or another length');
  if (!/^[!-~]+$/.test(secretAccessKey)) throw fail('what should be the secret has spaces or other characters');
  return { accessKeyId, secretAccessKey };
}

/**
 * The CSV that the console offers for a new key: with a user's name or without, and with a byte order mark.
 * @throws StepupError `key-malformed`
 */
export function keyFromCsv(text: string, source: string): StoredKey {
  const rows = text
    .replace(/^\ufeff/, '')
    .split(/\r?\n/)
    .filter((line) => line.trim() !== '')
    .map(csvCells);
  const [head = [], ...keys] = rows;
  const column = (name: string): number => head.findIndex((cell) => cell.trim().toLowerCase() === name);
  const [id, secret] = [column('access key id'), column('secret access key')];
  if (id === -1 || secret === -1) {
    const problem = 'it has no columns "Access key ID" and "Secret access key" as the CSV of the console';
    throw new StepupError('key-malformed', { source, problem });
  }
  const [key, ...others] = keys;
  if (others.length > 0) throw new StepupError('key-malformed', { source, problem: 'it has several keys' });
  return keyFrom(key?.[id], key?.[secret], source);
}

/**
 * What `aws iam create-access-key` prints, or what aws-vault keeps (JSON); else the id on one line and the secret on
 * the next.
 * @throws StepupError `key-malformed`
 */
export function keyFromText(text: string, source: string): StoredKey {
  const trimmed = text.trim();
  if (trimmed.startsWith('{')) return keyFromJson(trimmed, source);
  const [id, secret, ...rest] = trimmed.split(/\s*\r?\n\s*/);
  if (rest.length > 0) throw new StepupError('key-malformed', { source, problem: 'it has more than two lines' });
  return keyFrom(id, secret, source);
}

function keyFromJson(text: string, source: string): StoredKey {
  const outer = objectIn(text);
  const inner = outer?.['AccessKey'];
  const key = typeof inner === 'object' && inner !== null ? (inner as Record<string, unknown>) : outer;
  const field = (...names: readonly string[]): string | undefined => {
    const value = names.map((name) => key?.[name]).find((one) => typeof one === 'string');
    return typeof value === 'string' ? value : undefined;
  };
  if (field('SessionToken')) {
    throw new StepupError('key-malformed', {
      source,
      problem: 'these are temporary credentials, which end by themselves',
    });
  }
  const made = Date.parse(field('CreateDate') ?? '');
  return {
    ...keyFrom(field('AccessKeyId', 'AccessKeyID'), field('SecretAccessKey'), source),
    ...(Number.isNaN(made) ? {} : { createdAtMs: made }),
  };
}

function objectIn(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

/** RFC 4180, one line: a quoted cell may hold commas, and a doubled quote for one. */
function csvCells(line: string): string[] {
  return [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(
    ([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain ?? '',
  );
}
