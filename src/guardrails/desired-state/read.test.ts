import { describe, expect, it } from 'vitest';
import { readDesiredState } from './read.ts';
import { setupJsonSchema } from './setup-file.ts';

const SMALL = `version: 1
accounts:
  main: { id: 111122223333, profile: admin }
users:
  alice:
  bob: { self_service: [device, keys], tags: { team: a } }
roles:
  ops:
    enter: [alice, bob]
    permissions:
      managed: [arn:aws:iam::aws:policy/ReadOnlyAccess]
      inline:
        S3: { Version: 2012-10-17, Statement: [ { Effect: Allow, Action: "s3:*", Resource: "*" } ] }
`;

describe('readDesiredState', () => {
  it('fills in every default', () => {
    const main = { label: 'main', accountId: '111122223333', partition: 'aws', profile: 'admin', trustQuota: 2048 };
    expect(readDesiredState(SMALL, 'stepup.yaml')).toEqual({
      setup: 'stepup',
      accounts: [main],
      identity: main,
      users: [
        { name: 'alice', path: '/', selfService: [], bootstrapSeconds: 172_800, tags: [] },
        {
          name: 'bob',
          path: '/',
          selfService: ['device', 'keys'],
          bootstrapSeconds: 172_800,
          tags: [{ key: 'team', value: 'a' }],
        },
      ],
      roles: [
        {
          account: main,
          name: 'ops',
          path: '/',
          enter: ['alice', 'bob'],
          permissions: {
            managedArns: ['arn:aws:iam::aws:policy/ReadOnlyAccess'],
            inline: [
              {
                name: 'S3',
                document: { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 's3:*', Resource: '*' }] },
              },
            ],
          },
          maxAgeSeconds: 43_200,
          sessionSeconds: 3600,
          tags: [],
        },
      ],
    });
  });

  it('takes defaults of the file, accounts beside the identity account, and one role in several', () => {
    const state = readDesiredState(
      `version: 1
setup: platform
identity: people
accounts:
  people: { id: "012345678901" }
  prod: { id: "222233334444", trust_quota: 4096 }
  test: { id: "333344445555" }
defaults: { max_age: 1h30m, session: 7200, path: /team/, tags: { owner: platform }, self_service: [keys] }
names: { users: "[a-z]+", roles: "p-.+" }
users: { eve: { tags: { owner: eve }, self_service: [], path: / } }
roles:
  deploy: { name: p-deploy, account: [prod, test], enter: [eve], max_age: 900, external_id: abc }
`,
      'stepup.yaml',
    );
    expect(state).toMatchObject({ setup: 'platform', identity: { accountId: '012345678901' } });
    expect(state.users).toMatchObject([{ path: '/', selfService: [], tags: [{ key: 'owner', value: 'eve' }] }]);
    expect(state.roles.map(({ account, name }) => [account.label, name])).toEqual([
      ['prod', 'p-deploy'],
      ['test', 'p-deploy'],
    ]);
    expect(state.roles[0]).toMatchObject({
      ...{ maxAgeSeconds: 900, sessionSeconds: 7200, path: '/team/', externalId: 'abc' },
      account: { trustQuota: 4096 },
      tags: [{ key: 'owner', value: 'platform' }],
    });
  });

  it.each<readonly [string, string, string, number, number, string, string]>([
    ['a user that isn’t there', 'alice, bob', 'alice, eve', 9, 20, '$.roles.ops.enter[1]', 'eve is none of the users'],
    [
      'an account id that is short',
      '111122223333',
      '1234',
      3,
      15,
      '$.accounts.main.id',
      'must be twelve digits, in quotes if the first is 0',
    ],
    [
      'a name that IAM refuses',
      '  bob:',
      '  "b b":',
      6,
      3,
      '$.users["b b"]',
      'must be at most 64 letters, digits and any of _+=.@-',
    ],
    [
      'a path that is a pattern in a policy',
      '{ team: a }',
      '{ team: a }, path: /te*m/',
      6,
      65,
      '$.users.bob.path',
      'must begin and end with a slash, as in /people/, and have none of *?$',
    ],
    ['another version', 'version: 1', 'version: 2', 1, 10, '$.version', 'must be 1'],
    [
      'a policy that AWS refuses',
      'Effect: Allow',
      'Effect: allow',
      13,
      59,
      '$.roles.ops.permissions.inline.S3.Statement[0].Effect',
      'Effect must be "Allow" or "Deny", in this case',
    ],
    ['a misspelt key', 'enter:', 'entr:', 9, 5, '$.roles.ops.entr', 'is no key that is known here'],
    ['a missing key', '    enter: [alice, bob]\n', '', 8, 3, '$.roles.ops.enter', 'is missing'],
    [
      'nobody to enter',
      '[alice, bob]',
      '[]',
      9,
      12,
      '$.roles.ops.enter',
      'must name a user: a gated role without a way in is of no use',
    ],
    ['a list for a mapping', '{ team: a }', '[a]', 6, 46, '$.users.bob.tags', 'must be a mapping of names to values'],
    ['a name twice', '  bob:', '  alice:', 6, 3, '$', 'Map keys must be unique'],
    ['a name twice to IAM', '  bob:', '  Alice:', 6, 3, '$.users.Alice', 'is the same name as alice to IAM'],
    ['what JavaScript would lose', '  bob:', '  __proto__:', 6, 3, '$', '__proto__ is no name'],
    [
      'YAML that does not end',
      '[alice, bob]',
      '[alice, bob',
      10,
      5,
      '$',
      'Flow sequence in block collection must be sufficiently indented and end with a ]',
    ],
    [
      'a span out of range',
      'users:',
      'defaults: { max_age: 2s }\nusers:',
      4,
      22,
      '$.defaults.max_age',
      'must be from 60s to 36h',
    ],
    [
      'a policy of another account',
      'aws:policy/',
      '999999999999:policy/',
      11,
      17,
      '$.roles.ops.permissions.managed[0]',
      'arn:aws:iam::999999999999:policy/ReadOnlyAccess belongs to another account than main (111122223333)',
    ],
    [
      'a tag of ours',
      'team: a',
      '"stepup:x": a',
      6,
      40,
      '$.users.bob.tags',
      'must not have stepup:x: such keys aren’t yours to give',
    ],
    [
      'a name against the rule',
      'users:',
      'names: { users: "[a-z]{4,}" }\nusers:',
      7,
      3,
      '$.users.bob',
      'bob is not of the form that names demands: [a-z]{4,}',
    ],
    [
      'the name of another’s second device',
      '  alice:',
      '  bob-2:',
      5,
      3,
      '$.users.bob-2',
      'is the name of bob’s second device; name the user otherwise',
    ],
  ])('names the place of %s', (_, from, to, line, column, path, problem) => {
    expect(() => readDesiredState(SMALL.replace(from, to), 'stepup.yaml')).toThrow(
      expect.objectContaining({ code: 'setup-file', fields: { file: 'stepup.yaml', line, column, path, problem } }),
    );
  });

  it('refuses a file of aliases upon aliases', () => {
    const bomb = [
      'a: &a [x,x,x,x,x,x,x,x,x]',
      ...'bcdefghi'.split('').map((name, index) => `${name}: &${name} [${Array(9).fill(`*${'abcdefgh'[index]}`)}]`),
    ];
    expect(() => readDesiredState(bomb.join('\n'), 'f')).toThrow(expect.objectContaining({ code: 'setup-file' }));
  });

  it('demands to be told whose the users are, where there are several accounts', () => {
    const text = SMALL.replace('users:', '  other: { id: "222233334444" }\nusers:');
    expect(() => readDesiredState(text, 'f')).toThrow(expect.objectContaining({ code: 'setup-file' }));
    expect(readDesiredState(`${text}identity: other\n`, 'f').identity.label).toBe('other');
  });
});

describe('the published schema', () => {
  it('is what the reader checks by', async () => {
    const text = `${JSON.stringify(setupJsonSchema(), undefined, 2)}\n`;
    await expect(text).toMatchFileSnapshot('../../../schema/stepup.schema.json');
  });
});
