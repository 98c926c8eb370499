/**
 * The import table of ARCHITECTURE.md, as a rule: a room of `src/` may import itself, `errors.ts`
 * and the rooms named beside it here, nothing else. Tests beside the code are held to it as well,
 * except that a test may use any room to build what it needs.
 */
const rooms = {
  terminal: [],
  delivery: ['sessions', 'profiles', 'process', 'files', 'loopback', 'aws'],
  guardrails: ['account', 'policy', 'sessions', 'keys', 'mfa', 'profiles', 'aws', 'files'],
  audit: ['account', 'policy'],
  sandbox: ['enforcement', 'policy', 'totp', 'files', 'loopback'],
  sessions: ['keys', 'mfa', 'profiles', 'aws', 'files'],
  keys: ['profiles', 'aws', 'files', 'process'],
  mfa: ['totp', 'aws', 'process'],
  account: ['aws', 'policy'],
  profiles: ['files'],
  enforcement: ['policy', 'totp'],
  aws: [],
  policy: [],
  totp: [],
  files: [],
  process: [],
  loopback: [],
};

const roomRules = Object.entries(rooms).map(([room, allowed]) => ({
  name: `room-${room}`,
  comment: `src/${room}/ may import only itself, errors.ts${allowed.map((name) => `, ${name}`).join('')}`,
  severity: 'error',
  from: { path: `^src/${room}/`, pathNot: '\\.test\\.ts$' },
  to: { path: '^src/', pathNot: [`^src/${room}/`, '^src/errors\\.ts$', ...allowed.map((name) => `^src/${name}/`)] },
}));

module.exports = {
  forbidden: [
    ...roomRules,
    {
      name: 'unknown-room',
      comment: 'a new folder of src/ needs a row in the table above and in ARCHITECTURE.md',
      severity: 'error',
      from: {},
      to: { path: '^src/[^/]+/', pathNot: [`^src/(cli|${Object.keys(rooms).join('|')})/`] },
    },
    {
      name: 'main-imports-cli-only',
      severity: 'error',
      from: { path: '^src/main\\.ts$' },
      to: { path: '^src/', pathNot: ['^src/cli/', '^src/errors\\.ts$'] },
    },
    {
      name: 'errors-imports-nothing',
      severity: 'error',
      from: { path: '^src/errors\\.ts$' },
      to: {},
    },
    {
      name: 'policy-is-pure',
      comment: 'no I/O, no clock, no randomness in the policy room',
      severity: 'error',
      from: { path: '^src/policy/', pathNot: '\\.test\\.ts$' },
      to: { pathNot: ['^src/'] },
    },
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'oracle-in-tests-only',
      comment: 'iam-simulate is AGPL: a test oracle, never part of what we ship',
      severity: 'error',
      from: { path: '^src/', pathNot: '\\.test\\.ts$' },
      to: { path: 'iam-simulate' },
    },
  ],
  options: {
    parser: 'swc',
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default'] },
  },
};
