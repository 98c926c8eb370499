/** What a person reads of an adopted account: what is left out and why, and what will be different for somebody. */
import type { Adopted, AdoptNote, LeftOut, Reason } from '../../guardrails/adopt/adopted.ts';
import { escapeText } from '../../terminal/escape.ts';
import type { Style } from '../../terminal/style.ts';

type Words<Of extends { readonly type: string }> = {
  readonly [T in Of['type']]: (one: Extract<Of, { readonly type: T }>) => string;
};

const REASONS: Words<Reason> = {
  'of-aws': () => 'belongs to a service of AWS',
  'other-setup': ({ setup }) => `belongs to another setup (${setup})`,
  'no-codes': ({ principals }) => `is entered by what can bring no code: ${principals.join(', ')}`,
  'says-more': ({ parts }) => `its trust policy has what a gate would drop: ${parts.join(', ')}`,
  'nobody-enters': () => 'no user here may enter it',
  unsayable: ({ problem }) => `a setup file can’t say it: ${problem}`,
};

const NOTES: Words<AdoptNote> = {
  'entered-by-roles': ({ role, by }) =>
    `role ${role} is open to sessions of ${by.join(', ')}: once it is gated, they don’t get in. Take it out of the file if a program goes that way.`,
  conditional: ({ role, users }) =>
    `role ${role} may be open to ${users.join(', ')} under conditions that only a request shows: name them under enter, if they shall get in.`,
  'no-device': ({ user, roles }) =>
    `user ${user} has no MFA device that makes codes, and enters ${roles.join(', ')}: a person enrols one first (stepup mfa enrol); a program can’t, and then the role must go from the file.`,
  'tags-unsaid': ({ kind, name, keys }) =>
    `${kind} ${name} has tags that a setup file can’t say (${keys.join(', ')}): they stay as they are.`,
};

export function adoptedText({ file, leftOut, notes }: Adopted, style: Style): string {
  const counts = `${Object.keys(file.users).length} users, ${Object.keys(file.roles).length} roles`;
  return [
    ...leftOut.map((one) => `- left out: ${escapeText(leftOutText(one))}`),
    ...notes.map((note) => `${style.yellow('!')} ${escapeText(wordsOf(NOTES, note))}`),
    `${style.green('✓')} ${counts}`,
    '',
  ].join('\n');
}

function leftOutText({ kind, name, because }: LeftOut): string {
  return `${kind} ${name}: ${wordsOf(REASONS, because)}`;
}

function wordsOf<Of extends { readonly type: string }>(words: Words<Of>, one: Of): string {
  const say = words[one.type as Of['type']] as (each: Of) => string;
  return say(one);
}
