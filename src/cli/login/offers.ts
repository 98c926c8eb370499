/** The offers that a login makes for role profiles: to start from the session, or from where every client can start. */
import { awsFilePaths, readAwsFiles } from '../../profiles/aws-files.ts';
import { bridgeFor, planBridge } from '../../sessions/bridge.ts';
import type { LoginOutcome, LoginSession } from '../../sessions/login.ts';
import { planRepointToSession, profilesPastSession } from '../../sessions/repoint.ts';
import type { PersonTerminal } from '../../terminal/controlling.ts';
import { escapeText } from '../../terminal/escape.ts';
import type { Io } from '../io.ts';
import { commandLineOf } from '../own-command.ts';
import { offerEdits } from './offer-edits.ts';

/** Role profiles that name the base, or where its session isn't, would have clients enter past the session. */
export async function offerRepoint(io: Io, session: LoginSession, terminal: PersonTerminal | undefined): Promise<void> {
  const { base, profile } = session;
  const paths = awsFilePaths(io.env, io.homeDirectory);
  const past = profilesPastSession(readAwsFiles(paths), base, profile, io.env);
  const sources = [...new Set(past.map(({ source }) => source))];
  const named = sources.map((source) => (source === base ? `the long-term key of ${source}` : source)).join(' and ');
  const offer = {
    declined: 'repoint-declined.json',
    base,
    roles: past.map(({ name }) => name),
    heading: `These role profiles start from ${escapeText(named)}, past the session:`,
    question: `Let them start from ${escapeText(profile)}?`,
    during: 'the offer to change role profiles; the session is there',
    plan: (files: Parameters<typeof planRepointToSession>[0], roles: readonly string[]) =>
      planRepointToSession(files, roles, sources, session),
    unasked: (_diff: () => string, roles: readonly string[]) =>
      `  Role profiles that start from ${escapeText(named)} instead: ${roles.map(escapeText).join(', ')}\n`,
  };
  await offerEdits(io, paths, offer, terminal);
}

/** Role profiles whose base some clients can't start from get a `credential_process` between. */
export async function offerBridge(io: Io, base: Extract<LoginOutcome, { type: 'no-code-needed' }>): Promise<void> {
  const paths = awsFilePaths(io.env, io.homeDirectory);
  const bridge = bridgeFor(readAwsFiles(paths), base, io.env);
  const command = commandLineOf([...io.ownCommand, 'credentials', base.base], io.platform);
  if (bridge === undefined || command === undefined) return;
  const name = escapeText(base.base);
  const heading = `Not every client can start from ${name} (older AWS CLIs, boto3 without its crt extra, other SDKs); all can from ${escapeText(bridge.profile)}:`;
  const offer = {
    declined: 'bridge-declined.json',
    base: base.base,
    roles: bridge.roles,
    heading,
    question: 'Write that?',
    during: 'the offer to write a bridge',
    plan: (files: Parameters<typeof planBridge>[0], roles: readonly string[]) =>
      planBridge(files, { ...bridge, roles }, command),
    unasked: (diff: () => string) => `${heading}\n${diff()}`,
  };
  const isPersonThere = io.stdin.isTTY === true && io.stderr.isTTY === true;
  const terminal = isPersonThere ? io.openTerminal() : undefined;
  try {
    await offerEdits(io, paths, offer, terminal);
  } finally {
    terminal?.close();
  }
}
