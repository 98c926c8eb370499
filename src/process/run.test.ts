import { describe, expect, it } from 'vitest';
import { runProgram } from './run.ts';

const sh = (script: string, more: object = {}) =>
  runProgram({ path: '/bin/sh', args: ['-c', script], env: { PATH: '/bin:/usr/bin' }, timeoutMs: 10_000, ...more });

describe('runProgram', () => {
  it('gives input, collects output, and passes no environment but the given one', async () => {
    process.env['STEPUP_TEST_LEAK'] = 'x';
    expect(await sh('cat; echo err >&2; printf "[%s]" "$STEPUP_TEST_LEAK"; exit 3', { input: 'in ' })).toEqual({
      type: 'exited',
      code: 3,
      stdout: 'in []',
      stderr: 'err\n',
    });
    delete process.env['STEPUP_TEST_LEAK'];
  });

  it('runs no shell of its own', async () => {
    const outcome = await runProgram({ path: '/bin/echo', args: ['$(id)', ';', '&&'], env: {}, timeoutMs: 10_000 });
    expect(outcome).toMatchObject({ stdout: '$(id) ; &&\n' });
  });

  it('says what became of it: killed, not there, too slow', async () => {
    expect(await sh('kill -KILL $$')).toMatchObject({ type: 'killed', signal: 'SIGKILL' });
    expect(await runProgram({ path: '/nowhere', args: [], env: {}, timeoutMs: 1_000 })).toEqual({
      type: 'not-started',
      detail: 'ENOENT',
    });
    expect(await sh('sleep 30', { timeoutMs: 100 })).toEqual({ type: 'timed-out' });
    expect(await sh('trap "" TERM; while :; do sleep 0.1; done', { timeoutMs: 100 })).toEqual({ type: 'timed-out' });
  });

  it.each([
    ['ERR_INVALID_ARG_VALUE', { args: ['secret\0half'] }],
    ['ERR_INVALID_ARG_VALUE', { env: { TOKEN: 'secret\0half' } }],
    ['E2BIG', { args: ['secret'.repeat(1_000_000)] }],
  ])('quotes nothing of what the system will not take: %s', async (detail, refused) => {
    expect(await sh('exit 0', refused)).toEqual({ type: 'not-started', detail });
  });

  it('keeps the last whole lines of a long standard error', async () => {
    const outcome = await sh('i=0; while [ $i -lt 2000 ]; do i=$((i+1)); echo "line $i" >&2; done; exit 1');
    const lines = outcome.type === 'exited' ? outcome.stderr.split('\n') : [];
    expect(lines.slice(-2)).toEqual(['line 2000', '']);
    expect(lines[0]).toMatch(/^line 1\d{3}$/);
    const oneLine = 'head -c 9000 /dev/zero | tr "\\0" x >&2; exit 1';
    expect(await sh(oneLine)).toMatchObject({ code: 1, stderr: '' });
  });

  it.each(['', 'trap "exit 0" TERM; '])(
    'ends a program that prints without end, and takes nothing of it: %s',
    async (trap) => {
      const endless = `${trap}while :; do echo xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx; done`;
      expect(await sh(endless)).toEqual({ type: 'too-much-output' });
    },
  );

  it('survives a program that reads no input', async () => {
    expect(await sh('exit 0', { input: 'x'.repeat(1_000_000) })).toMatchObject({ type: 'exited', code: 0 });
  });

  it('ends with the signal that ends us', async () => {
    const stop = new AbortController();
    setTimeout(() => stop.abort(new Error('stopped')), 50);
    await expect(sh('sleep 30', { signal: stop.signal })).rejects.toThrow('stopped');
  });

  it('takes absolute paths only', () => {
    expect(() => runProgram({ path: 'sh', args: [], env: {}, timeoutMs: 1 })).toThrow();
  });
});
