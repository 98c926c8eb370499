/** macOS' dialog. The script comes on stdin and never changes; the text is its argument, so nothing in it is code. */
import type { Dialog } from './dialog.ts';

const SCRIPT = `on run argv
  activate
  set answer to display dialog (item 1 of argv) default answer "" with title "stepup" with icon caution
  return text returned of answer
end run
`;

export const osascript: Dialog = {
  name: 'osascript',
  ask: (text) => ({ args: ['-', text], input: SCRIPT }),
  // "User canceled."
  isLeft: ({ stderr }) => stderr.includes('(-128)'),
};
