/** Runs generated questions past stepup and the judge, and holds every difference against the known ones. */
import fc from 'fast-check';
import type { Verdict } from '../../src/policy/decision.ts';
import { type EvaluationInput, evaluate } from '../../src/policy/evaluate.ts';
import { type Disagreement, KNOWN_DISAGREEMENTS } from './known-disagreements.ts';
import { judge } from './oracle.ts';

/** Of all themes together; in CI more than the 200,000 that the project promises. */
const QUESTIONS = Number(process.env['STEPUP_DIFFERENTIAL_QUESTIONS'] ?? (process.env['CI'] ? 216_000 : 21_600));
const THEMES = 6;

/**
 * What CI asks: the same questions in each run, so that a red run means a change of ours. A run at a desk asks others
 * each time, and what it finds becomes a fix or a row of `known-disagreements.ts`.
 */
const CI_SEEDS: Readonly<Record<string, number>> = {
  'identity policies and their limits': 254711386,
  'control policies': 254712078,
  'sessions and their limits': 254917321,
  'resource policies': 254738791,
  conditions: 11,
  'trust policies': 254815241,
};

/** Repeats a run: the seed that it printed. */
function seedFor(theme: string): number {
  const given = process.env['STEPUP_DIFFERENTIAL_SEED'];
  if (given !== undefined) return Number(given);
  return (process.env['CI'] ? CI_SEEDS[theme] : undefined) ?? Date.now() % 2 ** 31;
}

export interface Tally {
  readonly verdicts: Map<Verdict, number>;
  /** How often each known disagreement was met, and how often it took several at once. */
  readonly known: Map<string, number>;
}

/**
 * Compares them on questions of a theme. Throws with the shrunk question, the seed and the path to it on the first
 * difference that no row of the table explains.
 */
export async function compare(theme: string, cases: fc.Arbitrary<EvaluationInput>): Promise<Tally> {
  const questions = Math.ceil(QUESTIONS / THEMES);
  const seed = seedFor(theme);
  const tally: Tally = { verdicts: new Map(), known: new Map() };
  process.stdout.write(`${theme}: ${questions} questions, STEPUP_DIFFERENTIAL_SEED=${seed}\n`);
  await fc.assert(
    fc.asyncProperty(cases, async (input) => {
      const ours = evaluate(input).decision;
      count(tally.verdicts, ours);
      const theirs = await verdictOfJudge(input);
      if (theirs === ours) return;
      const reason = await explanationOf(input, { stepup: ours, judge: theirs });
      if (reason === undefined) throw new Error(`stepup says ${ours}, the judge ${theirs}`);
      count(tally.known, reason);
    }),
    { numRuns: questions, seed },
  );
  process.stdout.write(`${theme}: ${summary(tally)}\n`);
  return tally;
}

/** The judge's verdict. Throws where it refuses the question: then the generator made one that means nothing. */
export async function verdictOfJudge(input: EvaluationInput): Promise<Verdict> {
  const judgement = await judge(input);
  if ('unusable' in judgement) throw new Error(`the judge refuses the question: ${judgement.unusable}`);
  return judgement.verdict;
}

/** The one known disagreement that accounts for the difference, or all together if no single one does. */
async function explanationOf(input: EvaluationInput, verdicts: Disagreement['verdicts']): Promise<string | undefined> {
  const present = KNOWN_DISAGREEMENTS.filter((row) => isIn(row, input) && mayExplain(row, verdicts));
  for (const row of present) {
    if (await explains([row], input, verdicts)) return row.name;
  }
  // First those whose rewriting says the same whatever the verdicts, then with the others.
  for (const several of [present.filter((row) => !row.onlyTheseVerdicts), present]) {
    if (several.length > 1 && (await explains(several, input, verdicts))) return 'several at once';
  }
  return undefined;
}

/**
 * Whether the judge agrees once the points of these rows are spelt out as we read them; for us, that must change
 * nothing.
 */
export async function explains(
  rows: readonly Disagreement[],
  input: EvaluationInput,
  verdicts: Disagreement['verdicts'],
): Promise<boolean> {
  if (!rows.every((row) => mayExplain(row, verdicts))) return false;
  const rewritten = rows.reduce((question, row) => row.rewrite(question), input);
  if (evaluate(rewritten).decision !== verdicts.stepup) return false;
  return (await verdictOfJudge(rewritten)) === verdicts.stepup;
}

function mayExplain(row: Disagreement, { stepup, judge: theirs }: Disagreement['verdicts']): boolean {
  return !row.onlyTheseVerdicts || (stepup === row.verdicts.stepup && theirs === row.verdicts.judge);
}

/** Whether the point in dispute is in the question at all. */
export function isIn({ rewrite }: Disagreement, input: EvaluationInput): boolean {
  return JSON.stringify(rewrite(input)) !== JSON.stringify(input);
}

function count<Key>(counts: Map<Key, number>, key: Key): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

function summary({ verdicts, known }: Tally): string {
  const list = (counts: ReadonlyMap<string, number>) =>
    [...counts].map(([name, number]) => `${name} ${number}`).join(', ');
  return `${list(verdicts)}; known disagreements: ${known.size === 0 ? 'none' : list(known)}`;
}
