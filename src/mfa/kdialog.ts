/** KDE's dialog program. */
import type { Dialog } from './dialog.ts';

export const kdialog: Dialog = {
  name: 'kdialog',
  ask: (text) => ({ args: ['--title', 'stepup', '--inputbox', text, ''] }),
  isLeft: ({ code }) => code === 1,
};
