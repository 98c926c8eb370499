/** A step of a setup that was done, as a line on stderr. */
import type { DesiredAccount } from '../../guardrails/desired-state/desired-state.ts';
import { escapeText } from '../../terminal/escape.ts';

/** `[3/17] prod: PutRolePolicy role/ops`. `target` is an ARN. */
export function progressLine(
  { done, total }: { readonly done: number; readonly total: number },
  { label }: DesiredAccount,
  action: string,
  target: string,
): string {
  return `[${done}/${total}] ${escapeText(label)}: ${action} ${escapeText(target.slice(target.lastIndexOf(':') + 1))}`;
}
