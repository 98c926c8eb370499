/** `stepup setup --export`: the desired state in the words of another tool. Reads no account and changes none. */
import { StepupError } from '../../errors.ts';
import { type AccountBlueprint, type Blueprint, compileBlueprint } from '../../guardrails/blueprint/blueprint.ts';
import { cloudFormationTemplate } from '../../guardrails/export/cloudformation.ts';
import { shellScript } from '../../guardrails/export/shell-script.ts';
import { terraformFile } from '../../guardrails/export/terraform.ts';
import { ExitCode } from '../exit-code.ts';
import type { Io } from '../io.ts';
import { readSetup } from './state.ts';

export interface SetupExportOptions {
  readonly export: 'cloudformation' | 'terraform' | 'cli';
  readonly file?: string;
  readonly account?: string;
}

const FORMATS: Readonly<Record<SetupExportOptions['export'], (blueprint: Blueprint, account?: string) => string>> = {
  cloudformation: (blueprint, account) => cloudFormationTemplate(blueprint.setup, oneAccount(blueprint, account)),
  terraform: terraformFile,
  cli: shellScript,
};

/** Runs the command. Throws StepupError. */
export function setupExportCommand(io: Io, options: SetupExportOptions): number {
  if (options.account !== undefined && options.export !== 'cloudformation') {
    throw new StepupError('usage', {
      problem: `--account goes with --export cloudformation`,
      hint: `--export ${options.export} holds all accounts.`,
    });
  }
  const blueprint = compileBlueprint(readSetup(io, options.file).state);
  io.stdout.write(FORMATS[options.export](blueprint, options.account));
  return ExitCode.done;
}

/** A template is of one account. */
function oneAccount({ accounts }: Blueprint, label: string | undefined): AccountBlueprint {
  const [first, second] = accounts;
  const chosen =
    label === undefined && second === undefined ? first : accounts.find(({ account }) => account.label === label);
  if (chosen !== undefined) return chosen;
  const labels = accounts.map(({ account }) => account.label).join(', ');
  throw new StepupError('usage', {
    problem: label === undefined ? 'a CloudFormation template is of one account' : `there is no account ${label}`,
    hint: `Name one by --account: ${labels}. Deploy the identity account's first: a role may name only users that are there.`,
  });
}
