/** The AWS files and stepup's own: do they parse, do clients agree on them, and who else can read or change them. */
import { devNull } from 'node:os';
import { dirname } from 'node:path';
import { isStepupError, type StepupError } from '../../errors.ts';
import { bitsForOthers, findOwnershipFault } from '../../files/modes.ts';
import { readText } from '../../files/read.ts';
import { quotePosixWord } from '../../process/quote.ts';
import type { AwsFilePaths } from '../../profiles/aws-files.ts';
import { type Document, parseDocument } from '../../profiles/document.ts';
import { findPeculiarities, type PeculiarityType } from '../../profiles/peculiarities.ts';
import type { FileKind } from '../../profiles/section-title.ts';
import { readOwnConfig } from '../own-config.ts';
import { type Check, type Finding, fail, failed, ok, warn } from './finding.ts';

const KINDS = ['config', 'credentials'] as const satisfies readonly FileKind[];

/** One file as it is, whether the other can be read or not. */
export function readOne(paths: AwsFilePaths, kind: FileKind): Document | StepupError | undefined {
  try {
    const text = readText(paths[kind]);
    return text === undefined ? undefined : parseDocument(text, kind, paths[kind]);
  } catch (error) {
    if (isStepupError(error)) return error;
    throw error;
  }
}

/** As docs/aws-files.md tells of each. */
const PECULIARITIES: Readonly<Record<PeculiarityType, (name: string) => string>> = {
  'byte-order-mark': () => 'the AWS CLI and boto3 refuse a file with a byte order mark',
  'lone-carriage-return': () => 'clients differ on lines that end with CR alone',
  'duplicate-section': (name) => `the AWS CLI and boto3 refuse a file that has [${name}] twice`,
  'duplicate-key': (name) => `the AWS CLI and boto3 refuse a file with ${name} twice in a section`,
  'two-spellings': (name) => `[${name}] is there in another spelling: the AWS CLI and boto3 take the later one alone`,
  colon: (name) => `${name}: clients other than the AWS CLI and boto3 skip a line with a colon for =`,
  'upper-case-key': (name) => `${name}: others than the AWS CLI and boto3 don't know it with capital letters`,
  'comment-behind-value': (name) =>
    `${name}: what looks like a comment is a part of the value, for the AWS CLI and boto3`,
};

export const filesParse: Check = {
  name: 'files',
  find: ({ io, paths }) => {
    const findings = KINDS.flatMap((kind): readonly Finding[] => {
      const document = readOne(paths, kind);
      if (document === undefined) return [ok(`${paths[kind]} is not there`)];
      if (isStepupError(document)) return [failed(document)];
      const odd = findPeculiarities(document).map(({ type, line, name }) =>
        warn(`${paths[kind]}, line ${line}: ${PECULIARITIES[type](name)}`, `edit line ${line} of ${paths[kind]}`),
      );
      return odd.length > 0 ? odd : [ok(`${paths[kind]} parses, and every client reads it alike`)];
    });
    return [...findings, ...ownConfig(io)];
  },
};

function ownConfig(io: Parameters<typeof readOwnConfig>[0]): readonly Finding[] {
  try {
    const { path, codeHosts } = readOwnConfig(io);
    return codeHosts.length === 0 ? [] : [ok(`${path} lets codes go to ${codeHosts.join(', ')}`)];
  } catch (error) {
    if (isStepupError(error)) return [failed(error)];
    throw error;
  }
}

const OWNERSHIP: Readonly<Record<string, readonly [what: string, mend: (path: string) => string]>> = {
  'owned-by-another': ['belongs to somebody else', (path) => `sudo chown "$(id -un)" ${quotePosixWord(path)}`],
  'writable-by-others': ['can be written by others', (path) => `chmod go-w ${quotePosixWord(path)}`],
};

export const fileModes: Check = {
  name: 'modes',
  find: ({ paths }) => {
    // By /dev/null people say that there is no such file.
    const kinds = KINDS.filter((kind) => paths[kind] !== devNull);
    const findings = kinds.flatMap((kind): readonly Finding[] => {
      const path = paths[kind];
      const fault = findOwnershipFault(path);
      if (fault?.problem === 'missing') return [];
      if (fault !== undefined) {
        const [what, mend] = OWNERSHIP[fault.problem] ?? [
          `is no place for secrets (${fault.problem})`,
          () => undefined,
        ];
        return [fail(`${fault.path} ${what}`, mend(fault.path))];
      }
      const isOpen = kind === 'credentials' && bitsForOthers(path) !== 0;
      return isOpen ? [fail(`others can read ${path}`, `chmod 600 ${quotePosixWord(path)}`)] : [];
    });
    const folders = new Set(kinds.map((kind) => dirname(paths[kind])));
    return findings.length > 0 || folders.size === 0
      ? findings
      : [ok(`nobody else can change the files of ${[...folders].join(' and ')}, or read the keys`)];
  },
};
