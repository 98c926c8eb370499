/** `stepup setup verify`: whether the guardrails stand, proved from what is read back, and tried with one's own key. */
import { pauseUnless } from '../../aws/patience.ts';
import { accountAccess } from '../../guardrails/account-access.ts';
import { observeAll } from '../../guardrails/apply/apply.ts';
import { compileBlueprint } from '../../guardrails/blueprint/blueprint.ts';
import { holds } from '../../guardrails/verify/claims.ts';
import { proveSetup, type SetupProof } from '../../guardrails/verify/prove-setup.ts';
import { styleFor } from '../../terminal/style.ts';
import { ExitCode } from '../exit-code.ts';
import type { Io } from '../io.ts';
import { printJson } from '../print.ts';
import { type AdminOptions, setupConnections } from './connections.ts';
import { readSetup } from './state.ts';
import { Traffic } from './traffic.ts';
import { type OwnUserOptions, tryAsOwnUser } from './try-as-own-user.ts';
import { verifyText } from './verify-text.ts';

export interface SetupVerifyOptions extends AdminOptions, OwnUserOptions {
  readonly file?: string;
  readonly json?: boolean;
}

/** Runs the command; exit code 3 where something doesn't hold. Throws StepupError. */
export async function setupVerifyCommand(io: Io, options: SetupVerifyOptions): Promise<number> {
  const blueprint = compileBlueprint(readSetup(io, options.file).state);
  const traffic = new Traffic(io.now);
  const connectionsOf = setupConnections(io, options, traffic);
  const patience = { now: io.now, pause: pauseUnless(io.interrupted, 'the setup') };
  const observed = await observeAll(blueprint, accountAccess(connectionsOf, patience).observe);
  const proof = proveSetup(blueprint, observed, traffic.now());
  const tried = options.as === undefined ? [] : await tryAsOwnUser(io, blueprint, options, connectionsOf);
  const findings = [...proof.findings, ...tried];
  if (options.json === true) printJson(io, verifyJson({ ...proof, findings }));
  else io.stdout.write(verifyText({ ...proof, findings }, traffic.now(), styleFor(io.stdout, io.env)));
  return holds(findings) ? ExitCode.done : ExitCode.findings;
}

function verifyJson({ findings, openBootstraps, endedSessions }: SetupProof): object {
  return {
    holds: holds(findings),
    findings: findings.map(({ failures, ...finding }) => ({ ...finding, holds: failures.length === 0, failures })),
    openBootstraps: openBootstraps.map(({ userArn, untilMs }) => ({
      userArn,
      until: new Date(untilMs).toISOString(),
    })),
    endedSessions: endedSessions.map(({ userArn, beforeMs, untilMs }) => ({
      userArn,
      before: new Date(beforeMs).toISOString(),
      until: new Date(untilMs).toISOString(),
    })),
  };
}
