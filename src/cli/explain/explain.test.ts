import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fakeIo } from '../../../test/support/fake-io.ts';
import { run } from '../run.ts';

const ACCOUNT = '123456789012';
const ROLE = `arn:aws:iam::${ACCOUNT}:role/admin`;
const ALICE = `arn:aws:iam::${ACCOUNT}:user/alice`;

const enter = {
  Version: '2012-10-17',
  Statement: [{ Sid: 'Enter', Effect: 'Allow', Action: 'sts:AssumeRole', Resource: ROLE }],
};
const gate = {
  Version: '2012-10-17',
  Statement: [
    {
      Sid: 'Gate',
      Effect: 'Allow',
      Principal: { AWS: ACCOUNT },
      Action: 'sts:AssumeRole',
      Condition: {
        Bool: { 'aws:MultiFactorAuthPresent': 'true' },
        NumericLessThan: { 'aws:MultiFactorAuthAge': '3600' },
      },
    },
  ],
};
const allowAll = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] };

const details = {
  UserDetailList: [
    {
      UserName: 'alice',
      UserId: 'AIDAALICEALICEALICE01',
      Arn: ALICE,
      UserPolicyList: [{ PolicyName: 'Enter', PolicyDocument: enter }],
      GroupList: [],
      Tags: [{ Key: 'team', Value: 'red' }],
    },
    { UserName: 'twin', UserId: 'AIDATWIN', Arn: `arn:aws:iam::${ACCOUNT}:user/twin` },
  ],
  GroupDetailList: [],
  RoleDetailList: [
    {
      RoleName: 'admin',
      RoleId: 'AROAADMINADMINADMIN01',
      Arn: ROLE,
      AssumeRolePolicyDocument: gate,
      RolePolicyList: [{ PolicyName: 'All', PolicyDocument: allowAll }],
    },
    { RoleName: 'twin', RoleId: 'AROATWIN', Arn: `arn:aws:iam::${ACCOUNT}:role/twin`, AssumeRolePolicyDocument: gate },
  ],
  Policies: [],
};

let folder: string;
const file = (name: string) => join(folder, name);

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'stepup-explain-'));
  const files: Readonly<Record<string, unknown>> = {
    'enter.json': enter,
    'gate.json': gate,
    'all.json': allowAll,
    'none.json': { Version: '2012-10-17', Statement: [{ Effect: 'Deny', Action: '*', Resource: '*' }] },
    'account.json': details,
    'bad.json': { Version: '2012-10-17', Statement: [{ Effect: 'Maybe', Action: '*', Resource: '*' }] },
  };
  for (const [name, value] of Object.entries(files)) writeFileSync(file(name), JSON.stringify(value, undefined, 2));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function explained(argv: readonly string[], stdin?: string) {
  const io = fakeIo(['explain', ...argv], stdin === undefined ? {} : { stdin });
  const exitCode = await run(io);
  return { exitCode, out: io.out(), err: io.err() };
}

const assume = ['--action', 'sts:AssumeRole', '--resource', ROLE];
const fromFiles = () => [
  ...['--principal', ALICE, ...assume],
  ...['--identity-policy', file('enter.json'), '--trust-policy', file('gate.json')],
];

describe('stepup explain, from files', () => {
  test('a long-term key is denied: the verdict first, then the conditions that failed and what they demand', async () => {
    const { exitCode, out, err } = await explained(fromFiles());
    expect({ exitCode, err }).toEqual({ exitCode: 0, err: '' });
    expect(out.split('\n')[0]).toBe('DENIED  sts:AssumeRole: no role trust policy allows it');
    expect(out).toContain('MFA keys              absent, as with a long-term key');
    expect(out).toMatch(/identity-based policy +\S+enter\.json +allows +Statement\[0\] "Enter", line 4/);
    expect(out).toContain('aws:MultiFactorAuthPresent must be true (Bool); the request does not have it');
    expect(out).toContain(
      'aws:MultiFactorAuthAge must be less than 3600 (NumericLessThan); the request does not have it',
    );
    expect(out).toMatch(
      /What would have to change\n {2}- a role trust policy must allow it\.\n {4}nearest: \S+gate\.json Statement\[0\]/,
    );
  });

  test.each([
    ['600', 'ALLOWED'],
    ['3600', 'DENIED'],
    ['false', 'DENIED'],
    ['absent', 'DENIED'],
  ])('--mfa %s: %s', async (mfa, verdict) => {
    const { out } = await explained([...fromFiles(), '--mfa', mfa]);
    expect(out.split(' ')[0]).toBe(verdict);
  });

  test('--context gives keys as pairs and as JSON, the later over the earlier', async () => {
    const { out } = await explained([
      ...fromFiles(),
      ...['--context', 'aws:MultiFactorAuthPresent=false', '--context', 'aws:TagKeys=a,b'],
      ...[
        '--context',
        '{"aws:multifactorauthpresent": true, "aws:MultiFactorAuthAge": 5, "aws:TagKeys": ["c"]}',
        '--json',
      ],
    ]);
    expect(JSON.parse(out)).toMatchObject({
      decision: 'allowed',
      context: { 'aws:multifactorauthpresent': ['true'], 'aws:multifactorauthage': ['5'], 'aws:tagkeys': ['c'] },
    });
  });

  test('an explicit denial names its statement, and what it met', async () => {
    const { out } = await explained([...fromFiles(), '--mfa', '5', '--scp', file('none.json')]);
    expect(out.split('\n')[0]).toMatch(
      /^DENIED {2}sts:AssumeRole: explicitly, by Statement\[0\], line 4 of \S+none\.json$/,
    );
    expect(out).toContain('denies it: remove it, narrow it, or do not meet its conditions.');
  });

  test('each --scp is a level, its files are separated by commas', async () => {
    const scps = ['--scp', `${file('none.json')},${file('all.json')}`, '--scp', file('all.json')];
    const { out } = await explained([...fromFiles(), ...scps, '--json']);
    const levels = JSON.parse(out).policies.filter(({ type }: { type: string }) => type === 'service control policy');
    expect(levels).toMatchObject([
      { name: file('none.json'), level: 0, index: 0 },
      { name: file('all.json'), level: 0, index: 1 },
      { name: file('all.json'), level: 1, index: 0 },
    ]);
  });

  test('boundary and session policy limit', async () => {
    const base = [
      '--principal',
      `arn:aws:sts::${ACCOUNT}:assumed-role/admin/s`,
      '--action',
      's3:ListAllMyBuckets',
      '--resource',
      '*',
    ];
    const limits = ['--boundary', file('all.json'), '--session-policy', file('all.json'), file('enter.json')];
    expect((await explained([...base, '--identity-policy', file('all.json'), ...limits])).out).toMatch(/^ALLOWED/);
    const limited = await explained([
      ...base,
      '--identity-policy',
      file('all.json'),
      '--session-policy',
      file('enter.json'),
    ]);
    expect(limited.out).toMatch(/^DENIED {2}s3:ListAllMyBuckets: no session policy allows it/);
  });

  test('what others wrote is escaped', async () => {
    const sly = { Effect: 'Allow', Action: 's3:*', Resource: 'arn:aws:s3:::\u001b[2Jx' };
    writeFileSync(file('sly.json'), JSON.stringify({ Version: '2012-10-17', Statement: [sly] }));
    const get = ['--action', 's3:GetObject', '--resource', 'arn:aws:s3:::b/k'];
    const { out } = await explained(['--principal', ALICE, ...get, '--identity-policy', file('sly.json')]);
    expect(out).not.toContain('\u001b');
    expect(out).toContain('\\e[2Jx');
  });
});

describe('stepup explain, from an account', () => {
  test.each([['alice'], [ALICE]])('%s: policies, tags and the role’s trust policy come from it', async (who) => {
    const { out } = await explained([
      '--account-details',
      file('account.json'),
      '--principal',
      who,
      ...assume,
      '--mfa',
      '10',
      '--json',
    ]);
    const answer = JSON.parse(out);
    expect(answer.decision).toBe('allowed');
    expect(answer.policies.map(({ name }: { name: string }) => name).sort()).toEqual([
      'inline policy Enter of user alice',
      'trust policy of role admin',
    ]);
    expect(answer.context).toMatchObject({ 'aws:username': ['alice'], 'aws:principaltag/team': ['red'] });
  });

  test('a role by its session', async () => {
    const { out } = await explained([
      ...[
        '--account-details',
        file('account.json'),
        '--principal',
        `arn:aws:sts::${ACCOUNT}:assumed-role/admin/nightly`,
      ],
      ...['--action', 's3:GetObject', '--resource', 'arn:aws:s3:::b/k', '--json'],
    ]);
    expect(JSON.parse(out)).toMatchObject({
      decision: 'allowed',
      context: { 'aws:principalarn': [ROLE], 'aws:userid': ['AROAADMINADMINADMIN01:nightly'] },
    });
  });

  test.each([
    ['bob', 'bob is no user or role of the account'],
    [`arn:aws:iam::${ACCOUNT}:user/bob`, 'is no user or role of the account'],
    ['twin', 'twin is both a user and a role'],
  ])('%s is refused', async (who, problem) => {
    const { exitCode, err } = await explained([
      '--account-details',
      file('account.json'),
      '--principal',
      who,
      ...assume,
    ]);
    expect(exitCode).toBe(2);
    expect(err).toContain(problem);
  });

  test('a principal of another account holds only what the files give it', async () => {
    const foreign = [
      '--account-details',
      file('account.json'),
      '--principal',
      'arn:aws:iam::999999999999:user/eve',
      ...assume,
    ];
    expect((await explained([...foreign, '--mfa', '5'])).out).toMatch(/^DENIED/);
    const root = ['--account-details', file('account.json'), '--principal', `arn:aws:iam::${ACCOUNT}:root`];
    expect((await explained([...root, '--action', 's3:GetObject', '--resource', 'arn:aws:s3:::b/k'])).out).toMatch(
      /^ALLOWED/,
    );
  });
});

const question = (mfa: Readonly<Record<string, string>>) => ({
  identityPolicies: [enter],
  resourcePolicy: gate,
  request: { principal: ALICE, action: 'sts:AssumeRole', resource: ROLE, context: mfa },
});
const withMfa = { 'aws:MultiFactorAuthPresent': 'true', 'aws:MultiFactorAuthAge': '5' };

describe('stepup explain --request', () => {
  test('a document gives an answer', async () => {
    const { out, exitCode } = await explained(['--request', '-', '--json'], JSON.stringify(question(withMfa)));
    expect(exitCode).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ decision: 'allowed' });
  });

  test('a list gives a list, and nothing is filled in', async () => {
    writeFileSync(
      file('questions.json'),
      JSON.stringify([question(withMfa), question({}), { ...question(withMfa), identityPolicies: [] }]),
    );
    const { out } = await explained(['--request', file('questions.json'), '--json']);
    const answers = JSON.parse(out);
    expect(answers.map(({ decision }: { decision: string }) => decision)).toEqual([
      'allowed',
      'implicitDeny',
      'implicitDeny',
    ]);
    expect(answers[2].decidedBy).toBe('identity-based policy');
    expect(JSON.stringify(answers[0])).not.toContain('aws:username');
  });

  test('an empty list gives an empty list', async () => {
    expect((await explained(['--request', '-', '--json'], '[]')).out).toBe('[]\n');
  });

  test('without --json it is worded, each policy by its place', async () => {
    const { out } = await explained(['--request', '-'], JSON.stringify([question({}), question(withMfa)]));
    expect(out).toMatch(/^DENIED/);
    expect(out).toMatch(/\nALLOWED/);
    expect(out).toContain('identityPolicies[0]');
  });

  test.each([
    ['{', 'is not JSON'],
    [JSON.stringify([question({}), { request: {} }]), '$[1].request'],
    [JSON.stringify([question({}), { ...question({}), identityPolicies: [{}] }]), '[1].identityPolicies[0]'],
    ['[3]', '$[0] must be an object'],
  ])('%s is refused', async (stdin, problem) => {
    const { exitCode, err, out } = await explained(['--request', '-', '--json'], stdin);
    expect(exitCode).not.toBe(0);
    expect(err).toContain(problem);
    expect(out).toBe('');
  });
});

describe('stepup explain refuses', () => {
  test.each<[string, () => readonly string[], string]>([
    ['a missing principal', () => assume, '--principal is missing'],
    ['a missing action', () => ['--principal', ALICE, '--resource', ROLE], '--action is missing'],
    [
      'a pattern for an action',
      () => ['--principal', ALICE, '--action', 's3:*', '--resource', ROLE],
      'is no single action',
    ],
    ['a principal that is none', () => ['--principal', 'alice', ...assume], '--principal alice names nobody'],
    ['a context without a value', () => [...fromFiles(), '--context', 'aws:SourceIp'], 'names no value'],
    ['a context that is no JSON', () => [...fromFiles(), '--context', '{"a"'], 'is not JSON'],
    ['a context of objects', () => [...fromFiles(), '--context', '{"a": {}}'], 'no string, number or Boolean'],
    ['an --mfa that means nothing', () => [...fromFiles(), '--mfa', 'yes'], '--mfa yes means nothing'],
    [
      'two policies for one place',
      () => [...fromFiles(), '--resource-policy', file('gate.json')],
      'one and the same place',
    ],
    ['two accounts', () => [...fromFiles(), '--account-details', 'a', '--profile', 'b'], 'name two accounts'],
    [
      'options beside --request',
      () => ['--request', '-', '--resource-account', ACCOUNT],
      '--resource-account has no place beside it',
    ],
    ['a file that is not there', () => [...fromFiles(), '--boundary', '/nonexistent.json'], '/nonexistent.json'],
    [
      'a policy that AWS would refuse',
      () => ['--principal', ALICE, ...assume, '--identity-policy', file('bad.json')],
      'bad.json',
    ],
  ])('%s', async (_, argv, problem) => {
    const { exitCode, err, out } = await explained(argv());
    expect(exitCode).not.toBe(0);
    expect(err).toContain(problem);
    expect(out).toBe('');
  });
});
