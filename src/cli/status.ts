/** `stepup status`: what is there, and what it opens right now. Reads files, asks nobody. */
import { type AwsFiles, awsFilePaths, readAwsFiles } from '../profiles/aws-files.ts';
import {
  type BaseStatus,
  type RoleStatus,
  type SignIn,
  type Status,
  statusOf,
  type Verdict,
} from '../sessions/status.ts';
import { escapeText } from '../terminal/escape.ts';
import { type Style, styleFor } from '../terminal/style.ts';
import { type Cell, tableLines } from '../terminal/table.ts';
import { formatDuration } from '../terminal/time.ts';
import { codeSettings, factorsVerdict } from './codes/settings.ts';
import { ExitCode } from './exit-code.ts';
import type { Io } from './io.ts';
import { ownFolders } from './own-folders.ts';
import { wordError } from './wording/wording.ts';

export interface StatusOptions {
  readonly json?: boolean;
}

/** Less than this left is shown in yellow. */
const SOON_MS = 30 * 60_000;

/** Runs the command. Throws StepupError for files that can't be read. */
export async function statusCommand(io: Io, options: StatusOptions): Promise<number> {
  const files = readAwsFiles(awsFilePaths(io.env, io.homeDirectory));
  const nowMs = io.now();
  const status = statusOf(files, { env: io.env, nowMs, gates: ownFolders(io).gates });
  io.stdout.write(
    options.json
      ? `${JSON.stringify(statusJson(status, nowMs), null, 2)}\n`
      : statusText(status, factorNotes(io, files, status), nowMs, io),
  );
  return ExitCode.done;
}

function statusText(status: Status, notes: readonly string[], nowMs: number, io: Io): string {
  const style = styleFor(io.stdout, io.env);
  const parts = [
    table(
      ['BASE', 'SIGNS IN BY', 'SESSION', 'AGE', 'LEFT', 'DEVICE'],
      status.bases.map((base) => baseRow(base, nowMs, style)),
      style,
    ),
    table(
      ['ROLE PROFILE', 'BASE', 'GATE', 'NOW', 'ROLE'],
      status.roles.map((role) => roleRow(role, nowMs, style)),
      style,
    ),
    table(
      ['OTHER SESSION', 'LEFT'],
      status.foreign.map(({ profile, expiresAtMs }) => [escapeText(profile), left(expiresAtMs, nowMs, style)]),
      style,
    ),
    ...notes.map((note) => `${style.yellow('!')} ${escapeText(note)}\n`),
    ...plainKeys(status, style),
    ...status.broken.map(
      ({ profile, error }) => `${style.yellow('!')} ${escapeText(profile)}: ${escapeText(wordError(error).what)}\n`,
    ),
  ].filter((part) => part !== '');
  return parts.length === 0 ? 'There is no profile with AWS credentials.\n' : parts.join('\n');
}

/** Bases whose two factors are one, as far as the files tell; `doctor` looks closer. */
function factorNotes(io: Io, files: AwsFiles, { bases }: Status): readonly string[] {
  return bases.flatMap(({ profile, signsIn }) => {
    if (!signsIn.endsWith('key')) return [];
    const settings = codeSettings(io, files, profile);
    const source = settings.source ?? 'terminal';
    const verdict = factorsVerdict(settings, source);
    if (verdict.type === 'apart') return [];
    const why =
      verdict.type === 'same-store'
        ? `key and code both come from ${verdict.place}`
        : `${source} gives codes with no person there${NOBODY_UNLESS[verdict.unless ?? 'always']}`;
    return [`${profile}: ${why}: for any program of yours, two factors are one (stepup doctor ${profile})`];
  });
}

const NOBODY_UNLESS = { touch: ', unless the key wants a touch', locked: ' while it is open', always: '' } as const;

/** Whoever reads the file, or a copy of it, has such a key. */
function plainKeys({ bases }: Status, style: Style): readonly string[] {
  return bases
    .filter(({ keyStore }) => keyStore === 'file')
    .map(({ profile }) => escapeText(profile))
    .map(
      (name) => `${style.yellow('!')} ${name}: its long-term key is in plain text. Move it: stepup keys move ${name}\n`,
    );
}

function table(head: readonly string[], rows: readonly (readonly (string | Cell)[])[], style: Style): string {
  if (rows.length === 0) return '';
  const header = head.map((text) => ({ text, paint: style.dim }));
  return `${tableLines([header, ...rows]).join('\n')}\n`;
}

const SIGN_IN_WORDS: Readonly<Record<SignIn, string>> = {
  'long-term-key': 'long-term key',
  'stored-key': 'key in a store',
  sso: 'Identity Center',
  'login-session': 'aws login',
  'credential-process': 'a program',
  'web-identity': 'web identity',
};

function baseRow(
  { profile, signsIn, device, session }: BaseStatus,
  nowMs: number,
  style: Style,
): readonly (string | Cell)[] {
  const name = escapeText(profile);
  const shown = [name, SIGN_IN_WORDS[signsIn]];
  const serial = escapeText(device ?? '');
  if (session === undefined) return [...shown, signsIn.endsWith('key') ? 'none' : '', '', '', serial];
  const { authenticatedAtMs, expiresAtMs, fault } = session;
  const age = authenticatedAtMs === undefined ? 'unknown' : formatDuration((nowMs - authenticatedAtMs) / 1000);
  const remaining =
    fault === undefined ? left(expiresAtMs, nowMs, style) : { text: VERDICT_WORDS[fault], paint: style.red };
  return [...shown, escapeText(session.profile), age, remaining, serial];
}

const VERDICT_WORDS: Readonly<Record<Verdict, string>> = {
  opens: 'opens',
  'no-session': 'needs a code',
  ended: 'ended: needs a code',
  aged: 'too old: needs a code',
  'other-key': 'of another key: needs a code',
  'other-endpoint': 'of another endpoint: needs a code',
  'not-by-code': 'not by a code',
};

function roleRow(role: RoleStatus, nowMs: number, style: Style): readonly (string | Cell)[] {
  const { profile, base, gate, verdict, opensUntilMs, roleArn } = role;
  const gateText =
    gate === undefined ? 'age unknown' : `${gate.from === 'learned' ? '≤ ' : ''}${formatDuration(gate.maxAgeSeconds)}`;
  const opens = opensUntilMs === undefined ? '' : ` for ${formatDuration((opensUntilMs - nowMs) / 1000)}`;
  const paint = verdict !== 'opens' ? style.red : (opensUntilMs ?? 0) - nowMs < SOON_MS ? style.yellow : style.green;
  return [
    escapeText(profile),
    escapeText(base ?? ''),
    verdict === 'not-by-code' ? '' : gateText,
    { text: `${VERDICT_WORDS[verdict]}${opens}`, ...(verdict === 'not-by-code' ? {} : { paint }) },
    escapeText(roleArn),
  ];
}

function left(expiresAtMs: number | undefined, nowMs: number, style: Style): Cell {
  if (expiresAtMs === undefined) return { text: 'unknown' };
  const leftMs = expiresAtMs - nowMs;
  if (leftMs <= 0) return { text: 'ended', paint: style.red };
  return { text: formatDuration(leftMs / 1000), paint: leftMs < SOON_MS ? style.yellow : style.green };
}

function statusJson({ bases, roles, foreign, broken }: Status, nowMs: number): object {
  return {
    bases: bases.map(({ profile, signsIn, keyStore, device, session }) => ({
      profile,
      signsIn,
      keyStore,
      device,
      session: session && {
        profile: session.profile,
        store: session.store,
        authenticatedAt: instant(session.authenticatedAtMs),
        expiration: instant(session.expiresAtMs),
        ageSeconds: session.authenticatedAtMs && Math.floor((nowMs - session.authenticatedAtMs) / 1000),
        leftSeconds: leftSeconds(session.expiresAtMs, nowMs),
        serves: session.fault === undefined,
        fault: session.fault,
      },
    })),
    roles: roles.map(({ opensUntilMs, ...role }) => ({ ...role, opensUntil: instant(opensUntilMs) })),
    otherSessions: foreign.map(({ profile, expiresAtMs }) => ({
      profile,
      expiration: instant(expiresAtMs),
      leftSeconds: leftSeconds(expiresAtMs, nowMs),
    })),
    broken: broken.map(({ profile, error }) => ({ profile, code: error.code, what: wordError(error).what })),
  };
}

function instant(epochMs: number | undefined): string | undefined {
  return epochMs === undefined ? undefined : new Date(epochMs).toISOString();
}

function leftSeconds(expiresAtMs: number | undefined, nowMs: number): number | undefined {
  return expiresAtMs === undefined ? undefined : Math.max(0, Math.floor((expiresAtMs - nowMs) / 1000));
}
