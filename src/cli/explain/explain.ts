/** `stepup explain`: why AWS allows or denies a request. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { isStepupError, StepupError } from '../../errors.ts';
import { type Evaluation, type EvaluationInput, evaluate } from '../../policy/evaluate.ts';
import { explain } from '../../policy/explain.ts';
import { styleFor } from '../../terminal/style.ts';
import { ExitCode } from '../exit-code.ts';
import type { Io } from '../io.ts';
import { printJson } from '../print.ts';
import { type ExplainOptions, type PolicyPlace, questionFromOptions } from './question.ts';
import { type ExplainedRequest, explanationText } from './text.ts';

/** Prints the explanation; the verdict is no error, whatever it is. Throws StepupError. */
export async function explainCommand(io: Io, options: ExplainOptions): Promise<number> {
  if (options.request !== undefined) await explainRequest(io, options.request, options);
  else await explainOptions(io, options);
  return ExitCode.done;
}

async function explainOptions(io: Io, options: ExplainOptions): Promise<void> {
  const { request, policies, context, sourceOf } = await questionFromOptions(io, options);
  const explanation = explain(request, policies);
  if (options.json === true) {
    const { verdict, policies: explained, ...rest } = explanation;
    const named = explained.map((policy) => ({ name: sourceOf(policy).name, ...policy }));
    printJson(io, { decision: verdict, ...rest, policies: named, context: Object.fromEntries(context) });
    return;
  }
  const { action, resource } = request;
  const principal = 'arn' in request.principal ? request.principal.arn : (options.principal ?? '');
  io.stdout.write(explanationText({ explanation, principal, action, resource, context, sourceOf }, styleOf(io)));
}

/** The machine form: one question, or a list of them and then a list of answers. */
async function explainRequest(io: Io, file: string, options: ExplainOptions): Promise<void> {
  const foreign = Object.keys(options).find((name) => name !== 'request' && name !== 'json');
  if (foreign !== undefined) {
    throw new StepupError('usage', {
      problem: `--request holds the whole question, so --${foreign.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)} has no place beside it`,
    });
  }
  const question = parseJson(file === '-' ? await text(io.stdin) : readFileSync(resolve(io.cwd, file), 'utf8'));
  const answers = Array.isArray(question)
    ? question.map((each: unknown, index) => evaluateAt(each, `[${index}]`))
    : evaluateAt(question, '');
  if (options.json === true) {
    printJson(io, answers);
    return;
  }
  const inputs = (Array.isArray(question) ? question : [question]) as readonly EvaluationInput[];
  const texts = [answers].flat().map((answer, index) => {
    const input = inputs[index];
    return input === undefined ? '' : explanationText(explainedInput(input, answer), styleOf(io));
  });
  io.stdout.write(texts.join('\n'));
}

function parseJson(written: string): unknown {
  try {
    return JSON.parse(written.replace(/^\ufeff/, ''));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new StepupError('malformed-request', { path: '$', problem: `is not JSON: ${reason}` });
  }
}

/** Evaluates one of the questions; an error says which. `evaluate` checks the type that it is given. */
function evaluateAt(question: unknown, place: string): Evaluation {
  try {
    return evaluate(question as EvaluationInput);
  } catch (error) {
    if (place === '') throw error;
    if (isStepupError(error, 'malformed-request')) {
      const path = error.fields.path.replace('$', `$${place}`);
      throw new StepupError('malformed-request', { ...error.fields, path }, { cause: error });
    }
    if (isStepupError(error, 'malformed-policy')) {
      const document = `${place}.${error.fields.document ?? ''}`;
      throw new StepupError('malformed-policy', { ...error.fields, document }, { cause: error });
    }
    throw error;
  }
}

function explainedInput({ request }: EvaluationInput, { decision, ...rest }: Evaluation): ExplainedRequest {
  const context = Object.entries(request.context ?? {}).map(
    ([key, values]) => [key.toLowerCase(), [values].flat().map(String)] as const,
  );
  return {
    explanation: { verdict: decision, ...rest },
    principal: request.principal,
    action: request.action,
    resource: request.resource,
    context: new Map(context),
    sourceOf: (place) => ({ name: memberName(place), isFile: false }),
  };
}

const MEMBERS: Readonly<Record<PolicyPlace['type'], string>> = {
  'identity-based policy': 'identityPolicies',
  'resource-based policy': 'resourcePolicy',
  'role trust policy': 'resourcePolicy',
  'permissions boundary': 'permissionsBoundary',
  'session policy': 'sessionPolicies',
  'service control policy': 'serviceControlPolicies',
  'resource control policy': 'resourceControlPolicies',
};

/** Where in the question a policy stands: `serviceControlPolicies[0][1]`. */
function memberName({ type, level, index }: PolicyPlace): string {
  const member = MEMBERS[type];
  if (!/ies$/.test(member)) return member;
  return `${member}${level === undefined ? '' : `[${level}]`}[${index}]`;
}

function styleOf(io: Io): ReturnType<typeof styleFor> {
  return styleFor(io.stdout, io.env);
}
