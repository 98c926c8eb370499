/** `stepup doctor`: what is not as it should be, and what mends it. Asks nobody, changes nothing, sends no secret. */
import { isStepupError, StepupError } from '../../errors.ts';
import { readText } from '../../files/read.ts';
import { type AwsFiles, awsFilePaths, parseAwsFiles } from '../../profiles/aws-files.ts';
import { originOf } from '../../profiles/bases.ts';
import { type ResolvedProfile, resolveProfile } from '../../profiles/resolve.ts';
import { escapeText } from '../../terminal/escape.ts';
import { type Style, styleFor } from '../../terminal/style.ts';
import { tableLines } from '../../terminal/table.ts';
import { ExitCode } from '../exit-code.ts';
import type { Io } from '../io.ts';
import { CHECKS } from './checks.ts';
import { readOne } from './files.ts';
import type { Facts, Finding, Verdict } from './finding.ts';
import { tryKeychain } from './keys.ts';

export interface DoctorOptions {
  readonly json?: boolean;
  /** For the process that doctor itself starts. */
  readonly tryKeychain?: boolean;
}

type Line = Finding & { readonly check: string };

/** Runs the command. Exit code 1 if anything fails. Throws StepupError `profile-not-found` for a profile that isn't there. */
export async function doctorCommand(io: Io, profile: string | undefined, options: DoctorOptions): Promise<number> {
  if (options.tryKeychain) {
    await tryKeychain(io);
    return ExitCode.done;
  }
  const facts = gather(io, profile);
  const findings = await Promise.all(
    CHECKS.map(async ({ name, find }) => (await find(facts)).map((finding): Line => ({ check: name, ...finding }))),
  );
  const lines = findings.flat();
  io.stdout.write(
    options.json ? `${JSON.stringify({ findings: lines }, null, 2)}\n` : text(lines, styleFor(io.stdout, io.env)),
  );
  return lines.some(({ verdict }) => verdict === 'fail') ? ExitCode.failed : ExitCode.done;
}

function gather(io: Io, profile: string | undefined): Facts {
  const paths = awsFilePaths(io.env, io.homeDirectory);
  const textOf = (kind: 'config' | 'credentials'): string =>
    isStepupError(readOne(paths, kind)) ? '' : (readText(paths[kind]) ?? '');
  const files = parseAwsFiles(paths, textOf('config'), textOf('credentials'));
  const resolved = [...files.profiles.keys()].flatMap((name) => resolvedOrNone(files, name, io.env) ?? []);
  const wanted = profile === undefined ? undefined : baseOf(resolveProfile(files, profile, io.env));
  return {
    io,
    paths,
    files,
    bases: resolved.filter((one) => isBase(one) && (wanted === undefined || one.name === wanted)),
    concerns: (name) => {
      if (wanted === undefined) return true;
      const one = resolved.find((other) => other.name === name);
      return one === undefined || baseOf(one) === wanted;
    },
  };
}

function resolvedOrNone(files: AwsFiles, name: string, env: Io['env']): ResolvedProfile | undefined {
  try {
    return resolveProfile(files, name, env);
  } catch (error) {
    if (error instanceof StepupError) return undefined;
    throw error;
  }
}

function baseOf(profile: ResolvedProfile): string | undefined {
  const origin = originOf(profile);
  return origin.type === 'profile' ? origin.name : undefined;
}

function isBase(profile: ResolvedProfile): boolean {
  return baseOf(profile) === profile.name && !['session', 'none'].includes(profile.credentials.type);
}

function text(lines: readonly Line[], style: Style): string {
  const paint: Readonly<Record<Verdict, (text: string) => string>> = {
    ok: style.green,
    warn: style.yellow,
    fail: style.red,
  };
  const rows = lines.map(({ verdict, check, what }) => [
    { text: verdict, paint: paint[verdict] },
    { text: check, paint: style.dim },
    escapeText(what),
  ]);
  const printed = tableLines(rows).flatMap((line, index) => {
    const mend = lines[index]?.mend;
    return mend === undefined ? [line] : [line, `      ${style.bold('→')} ${escapeText(mend)}`];
  });
  const count = (verdict: Verdict): number => lines.filter((line) => line.verdict === verdict).length;
  return `${[...printed, '', `${count('ok')} ok, ${count('warn')} warn, ${count('fail')} fail`].join('\n')}\n`;
}
