/** What a person is told who is asked for a code: whoever types one must see what it opens. */
import type { CodeRequest } from '../../mfa/source.ts';
import { escapeText } from '../../terminal/escape.ts';

export const CODE_TITLE = 'stepup needs an MFA code';

/** Account, user, device, role, host and the asking process; escaped. */
export function codeFacts(request: CodeRequest): readonly (readonly [name: string, value: string])[] {
  const { profile, accountId, userName, serialNumber, roleArn, host, askedBy } = request;
  const who = [
    userName === undefined ? undefined : `user ${userName}`,
    accountId === undefined ? undefined : `account ${accountId}`,
    `profile ${profile}`,
  ].filter((part) => part !== undefined);
  const facts: readonly (readonly [string, string | undefined])[] = [
    ['for', who.join(', ')],
    ['role', roleArn],
    ['device', serialNumber],
    ['sent to', host],
    ['asked by', askedBy],
  ];
  return facts.flatMap(([name, value]) => (value === undefined ? [] : [[name, escapeText(value)] as const]));
}

/** The same as the text of a dialog. */
export function dialogWords(request: CodeRequest, problem: 'malformed' | 'refused' | undefined): string {
  const facts = codeFacts(request).map(([name, value]) => `${name}: ${value}`);
  const wrong = problem === undefined ? [] : [DIALOG_PROBLEMS[problem]];
  return [CODE_TITLE, '', ...facts, '', ...wrong, 'MFA code:'].join('\n');
}

const DIALOG_PROBLEMS = {
  malformed: 'A code is six digits.',
  refused: 'AWS refused that code: it is wrong, or was used already. Wait for the next one.',
} as const;
