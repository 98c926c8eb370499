/** GNOME's dialog program; zenity(1). */
import type { Dialog } from './dialog.ts';

export const zenity: Dialog = {
  name: 'zenity',
  // The text's `_` marks a key to press, `__` is an underscore.
  ask: (text) => ({ args: ['--entry', '--title=stepup', `--text=${text.replaceAll('_', '__')}`] }),
  isLeft: ({ code, stderr }) => code === 1 && !/cannot open display/i.test(stderr),
};
