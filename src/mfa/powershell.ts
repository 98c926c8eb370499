/** Windows' input box, for Windows itself and for WSL without a display. The text is in the environment, the script is fixed. */
import type { Dialog } from './dialog.ts';

const SCRIPT = `
Add-Type -AssemblyName Microsoft.VisualBasic
$code = [Microsoft.VisualBasic.Interaction]::InputBox($env:STEPUP_QUESTION, 'stepup')
if ($code -eq '') { exit 3 }
[Console]::Out.Write($code)
`;

export const powershell: Dialog = {
  name: 'powershell',
  ask: (text) => ({
    args: ['-NoProfile', '-NonInteractive', '-Command', SCRIPT],
    // WSL hands on to Windows only what WSLENV names.
    env: { STEPUP_QUESTION: text, WSLENV: 'STEPUP_QUESTION' },
  }),
  isLeft: ({ code }) => code === 3,
};
