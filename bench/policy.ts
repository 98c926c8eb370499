/**
 * Evaluations a second beside iam-simulate's runSimulation, on the same questions; and how a decision's cost grows with
 * the size of a policy. The judge is AGPL: it is measured here and tested against, and never shipped.
 */
import fc from 'fast-check';
import { decide } from '../src/policy/decide.ts';
import { type EvaluationInput, evaluate, readQuestion } from '../src/policy/evaluate.ts';
import {
  conditionCases,
  limitCases,
  organisationCases,
  resourceCases,
  trustCases,
} from '../test/differential/arbitrary-case.ts';
import { judge } from '../test/differential/oracle.ts';
import { measureRates } from './measure/rounds.ts';
import type { Bench, Row } from './measure/row.ts';

const QUESTIONS = 500;
const ROUNDS = { rounds: 7, roundMs: 400 };

export const bench: Bench = async () => [...(await besideTheJudge()), ...(await growth())];

async function besideTheJudge(): Promise<readonly Row[]> {
  const themes = [conditionCases, limitCases, resourceCases, trustCases, organisationCases];
  const questions = themes.flatMap((theme) => fc.sample(theme, { numRuns: QUESTIONS / themes.length, seed: 1 }));
  const prepared = questions.map(readQuestion);
  const at = <T>(list: readonly T[], turn: number): T => list[turn % list.length] as T;
  const rates = await measureRates(
    [
      { name: 'judge', run: (turn) => judge(at(questions, turn)) },
      {
        name: 'raw',
        run: (turn) => {
          const { request, policies } = readQuestion(at(questions, turn));
          return decide(request, policies);
        },
      },
      { name: 'explained', run: (turn) => evaluate(at(questions, turn)) },
      {
        name: 'prepared',
        run: (turn) => {
          const { request, policies } = at(prepared, turn);
          return decide(request, policies);
        },
      },
    ],
    ROUNDS,
  );
  const other = { name: 'iam-simulate', value: rates.get('judge') ?? 0 };
  return [
    {
      what: 'decide: documents parsed each time',
      unit: 'a second',
      better: 'higher',
      ours: rates.get('raw') ?? 0,
      other,
      aim: 20,
    },
    {
      what: 'evaluate: parsed, decided and explained each time',
      unit: 'a second',
      better: 'higher',
      ours: rates.get('explained') ?? 0,
      other,
    },
    {
      what: 'decide: policies prepared once',
      unit: 'a second',
      better: 'higher',
      ours: rates.get('prepared') ?? 0,
      other,
      aim: 200,
    },
  ];
}

/** Policies ten times and a hundred times as long; AWS's longest have about a hundred statements. */
const SIZES = [
  { small: 10, large: 1000 },
  { small: 3000, large: 30_000 },
];

/** What a statement costs in a longer policy, beside a shorter one: 1 is linear. */
async function growth(): Promise<readonly Row[]> {
  const rows: Row[] = [];
  for (const { small, large } of SIZES) {
    const [short, long] = [questionOfSize(small), questionOfSize(large)];
    const [preparedShort, preparedLong] = [readQuestion(short), readQuestion(long)];
    const rates = await measureRates(
      [
        { name: 'raw short', run: () => evaluate(short) },
        { name: 'raw long', run: () => evaluate(long) },
        { name: 'prepared short', run: () => decide(preparedShort.request, preparedShort.policies) },
        { name: 'prepared long', run: () => decide(preparedLong.request, preparedLong.policies) },
      ],
      ROUNDS,
    );
    for (const kind of ['raw', 'prepared']) {
      rows.push({
        what: `a statement's cost among ${large}, beside ${small}: ${kind}`,
        unit: 'times',
        better: 'lower',
        ours: (rates.get(`${kind} short`) ?? 0) / (rates.get(`${kind} long`) ?? 0) / (large / small),
        note: '1 is linear',
      });
    }
  }
  return rows;
}

/** A policy of so many statements, of which the last one allows. */
function questionOfSize(statements: number): EvaluationInput {
  const statement = (index: number) => ({
    Effect: 'Allow',
    Action: ['s3:GetObject', 's3:Put*'],
    Resource: `arn:aws:s3:::bucket/part-${index}/*`,
    Condition: { StringEquals: { 'aws:PrincipalTag/team': 'red' }, Bool: { 'aws:SecureTransport': 'true' } },
  });
  return {
    identityPolicies: [
      { Version: '2012-10-17', Statement: Array.from({ length: statements }, (_, index) => statement(index)) },
    ],
    request: {
      principal: 'arn:aws:iam::111111111111:user/alice',
      action: 's3:GetObject',
      resource: `arn:aws:s3:::bucket/part-${statements - 1}/key`,
      context: { 'aws:PrincipalTag/team': 'red', 'aws:SecureTransport': 'true' },
    },
  };
}
