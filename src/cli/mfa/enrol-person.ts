/** The person who enrols a device: sees it once, on a screen that passes, and types what it shows. */
import { readCode } from '../../mfa/code.ts';
import type { CodeProblem } from '../../mfa/consecutive-codes.ts';
import type { CodeQuestion, DeviceToScan, EnrolPerson } from '../../mfa/enrol.ts';
import type { PersonTerminal } from '../../terminal/controlling.ts';
import { escapeText } from '../../terminal/escape.ts';
import { type PassingScreen, passingScreen } from '../../terminal/passing-screen.ts';
import type { QrPicture } from '../../terminal/qr.ts';
import { styleFor } from '../../terminal/style.ts';
import type { Io } from '../io.ts';

const DURING = 'the enrolment of a device';
/** For what stands around the code: device, seed and hints, two prompts, and what is wrong with an answer. */
const ROWS_AROUND = 7;

const QUESTIONS: Readonly<Record<CodeQuestion, string>> = {
  first: 'The code that the app shows now:',
  next: 'The next code, when it appears:',
  'next-after-skipped': 'One was missed between. The code after this one, when it appears:',
  'first-after-refusal': 'AWS refused these codes. Two new ones, please; the code now:',
};

const PROBLEMS: Readonly<Record<CodeProblem, string>> = {
  'not-of-this-device':
    "That is no code of this device now. Is it the entry just scanned, and the phone's clock right?",
  'same-again': 'That is the first code again. The app shows another every half minute.',
  earlier: 'That code came before the first. Wait for the next one.',
};

/** @param terminal of the person, open as long as this is used */
export function enrolPerson(io: Io, terminal: PersonTerminal): EnrolPerson {
  let screen: PassingScreen | undefined;
  return {
    onLeftOver: (serialNumber) => {
      io.stderr.write(
        `A device ${escapeText(serialNumber)} was there that nobody had enabled, left by an earlier attempt: it is made anew.\n`,
      );
    },
    show: async (device) => {
      const { qrPicture } = await import('../../terminal/qr.ts');
      const picture = qrPicture(device.uri);
      const isSeen = await makeRoom(io, terminal, picture);
      screen = passingScreen(terminal, io.env);
      io.atEnd(screen.leave);
      terminal.output.write(`${pageOf(device, isSeen ? picture : undefined, screen, terminal, io)}\n`);
    },
    code: async (question, judge) => {
      const { askText } = await import('../../terminal/prompt.ts');
      const text = await askText(terminal, {
        message: QUESTIONS[question],
        during: DURING,
        signal: io.interrupted,
        validate: (typed) => {
          const code = readCode(typed);
          if (code === undefined) return 'A code is six digits.';
          const problem = judge(code);
          return problem === undefined ? true : PROBLEMS[problem];
        },
      });
      return readCode(text) ?? '';
    },
    hide: () => screen?.leave(),
  };
}

/** A code that is cut off can't be scanned: a small window is made larger, or the seed is typed. */
async function makeRoom(io: Io, terminal: PersonTerminal, { lines, width }: QrPicture): Promise<boolean> {
  const needed = lines.length + ROWS_AROUND;
  if (fits(terminal, needed, width)) return true;
  const { askYesNo } = await import('../../terminal/prompt.ts');
  const { rows, columns } = terminal.output;
  terminal.output.write(
    `The QR code needs a window of ${needed} rows and ${width} columns; this one has ${rows} and ${columns}.\n`,
  );
  return askYesNo(terminal, {
    message: 'Make it larger, or its type smaller. Show the QR code? (No: the seed alone, to be typed)',
    default: true,
    during: DURING,
    signal: io.interrupted,
  });
}

function fits({ output: { rows, columns } }: PersonTerminal, neededRows: number, neededColumns: number): boolean {
  return (rows === undefined || rows >= neededRows) && (columns === undefined || columns >= neededColumns);
}

function pageOf(
  { serialNumber, seed }: DeviceToScan,
  picture: QrPicture | undefined,
  { isPassing }: PassingScreen,
  terminal: PersonTerminal,
  io: Io,
): string {
  const style = styleFor(terminal.output, io.env);
  const spaced = seed.replace(/(.{4})(?=.)/g, '$1 ');
  return [
    style.bold(`New device ${escapeText(serialNumber)}`),
    ...(picture?.lines ?? []),
    picture === undefined ? 'Type this into an authenticator app:' : 'Scan this with an authenticator app, or type:',
    spaced,
    style.dim(
      isPassing
        ? 'Shown this once; it goes from the screen when you are done, and is kept nowhere.'
        : 'Shown this once, and kept nowhere. Clear this screen when you are done.',
    ),
  ].join('\n');
}
