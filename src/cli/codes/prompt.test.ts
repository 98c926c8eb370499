import { describe, expect, it } from 'vitest';
import { fakeTerminal } from '../../../test/support/fake-terminal.ts';
import type { CodeRequest } from '../../mfa/source.ts';
import { codePrompt } from './prompt.ts';

/** Ten seconds into a step. */
const NOW = Date.UTC(2026, 0, 2, 12, 0, 10);
const ENTER = '\r';
const REQUEST: CodeRequest = {
  profile: 'work',
  accountId: '123456789012',
  userName: 'alice',
  serialNumber: 'arn:aws:iam::123456789012:mfa/alice',
  roleArn: 'arn:aws:iam::123456789012:role/deploy',
  host: 'sts.eu-west-1.amazonaws.com',
  askedBy: 'stepup login (pid 42), started by bash (pid 7)',
  attempt: 1,
  refused: [],
};

describe('the prompt for a code', () => {
  it('names account, user, device, role, host and the asking process', async () => {
    const terminal = fakeTerminal();
    const code = codePrompt(terminal, {}, () => NOW).code(REQUEST, undefined);
    await terminal.shows('MFA code:');
    const { attempt: _attempt, refused: _refused, ...facts } = REQUEST;
    for (const fact of Object.values(facts)) expect(terminal.screen()).toContain(fact);
    terminal.press(`123 456${ENTER}`);
    expect(await code).toBe('123456');
  });

  it.each([
    ['12345', 'A code is six digits.'],
    ['111111', 'AWS takes this code no more. The next one comes in 20 s.'],
  ])('does not take %s', async (typed, problem) => {
    const terminal = fakeTerminal();
    const leaving = new AbortController();
    const asked = { ...REQUEST, attempt: 2, refused: ['111111'] };
    const code = codePrompt(terminal, {}, () => NOW).code(asked, leaving.signal);
    await terminal.shows('The next one comes in 20 s. Try 2 of 3.');
    await terminal.shows('MFA code:');
    terminal.press(`${typed}${ENTER}`);
    await terminal.shows(problem);
    leaving.abort();
    await expect(code).rejects.toMatchObject({ code: 'interrupted' });
  });

  it('waits for the next code where nothing is typed after a refusal', async () => {
    const terminal = fakeTerminal();
    // A clock that runs a hundred times as fast, so that the twenty seconds pass.
    const begun = Date.now();
    const now = (): number => NOW + (Date.now() - begun) * 100;
    const code = codePrompt(terminal, {}, now).code({ ...REQUEST, attempt: 2 }, undefined);
    await terminal.shows('Enter alone waits for it');
    await terminal.shows('MFA code:');
    terminal.press(ENTER);
    await terminal.shows('The next code comes in');
    await terminal.shows('MFA code:');
    terminal.press(`333333${ENTER}`);
    expect(await code).toBe('333333');
  });

  it('makes names of others harmless', async () => {
    const terminal = fakeTerminal();
    const hostile = { ...REQUEST, userName: 'eve\u001b[2J\nfor root', profile: 'w\u202eork' };
    const code = codePrompt(terminal, {}, () => NOW).code(hostile, undefined);
    await terminal.shows('MFA code:');
    terminal.press(`123456${ENTER}`);
    await code;
    expect(terminal.screen()).toContain('eve\\e[2J\\nfor root');
    expect(terminal.screen()).not.toContain('\u001b[2J\n');
    expect(terminal.screen()).not.toContain('\u202e');
  });
});
