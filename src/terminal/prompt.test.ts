import { describe, expect, it } from 'vitest';
import { fakeTerminal } from '../../test/support/fake-terminal.ts';
import { StepupError } from '../errors.ts';
import { askChoice, askText, askYesNo } from './prompt.ts';

const ENTER = '\r';
const DURING = 'the test';

describe('a question', () => {
  it('is asked until the text is right, and the terminal serves for the next', async () => {
    const terminal = fakeTerminal();
    const name = askText(terminal, {
      message: 'Name?',
      during: DURING,
      validate: (text) => (text === 'ada' ? true : `not ${text}`),
    });
    await terminal.shows('Name?');
    terminal.press(`ad${ENTER}`);
    await terminal.shows('not ad');
    terminal.press(`a${ENTER}`);
    expect(await name).toBe('ada');

    const choice = askChoice(terminal, {
      message: 'Which?',
      during: DURING,
      choices: [
        { name: 'first', value: 1 },
        { name: 'not this', value: 2, disabled: '(never)' },
        { name: 'third', value: 3 },
      ],
    });
    await terminal.shows('third');
    terminal.press(`\u001b[B${ENTER}`);
    expect(await choice).toBe(3);

    for (const [keys, answer] of [
      [`y${ENTER}`, true],
      [`n${ENTER}`, false],
      [ENTER, true],
    ] as const) {
      const yes = askYesNo(terminal, { message: 'Sure?', during: DURING, default: true });
      await terminal.shows('Sure?');
      terminal.press(keys);
      expect(await yes).toBe(answer);
    }
  });

  it.each([
    ['Ctrl-C', '\u0003'],
    ['Ctrl-D', '\u0004'],
  ])('is left by %s', async (_name, key) => {
    const terminal = fakeTerminal();
    const asked = askText(terminal, { message: 'Name?', during: DURING, validate: () => true });
    await terminal.shows('Name?');
    terminal.press(`half${key}`);
    await expect(asked).rejects.toMatchObject({ code: 'interrupted', fields: { during: DURING } });
  });

  it('is left when the terminal goes away', async () => {
    const terminal = fakeTerminal();
    const asked = askYesNo(terminal, { message: 'Sure?', during: DURING, default: true });
    await terminal.shows('Sure?');
    terminal.hangUp();
    await expect(asked).rejects.toMatchObject({ code: 'interrupted' });
  });

  it('is taken back by a signal, whose own reason counts', async () => {
    for (const [reason, thrown] of [
      [undefined, { code: 'interrupted' }],
      [new StepupError('usage', { problem: 'x' }), { code: 'usage' }],
    ] as const) {
      const terminal = fakeTerminal();
      const taken = new AbortController();
      const asked = askText(terminal, { message: 'Name?', during: DURING, validate: () => true, signal: taken.signal });
      await terminal.shows('Name?');
      taken.abort(reason);
      await expect(asked).rejects.toMatchObject(thrown);
    }
  });
});
