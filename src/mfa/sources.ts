/** The code sources by name: what `stepup_code_source` and `STEPUP_CODE_SOURCE` may say, and how each is made. */
import { type DialogPorts, dialogCodes } from './dialog.ts';
import { kdialog } from './kdialog.ts';
import { osascript } from './osascript.ts';
import { passCodes } from './pass-codes.ts';
import { powershell } from './powershell.ts';
import { processCodes } from './process-codes.ts';
import type { ProgramPorts } from './run-for-code.ts';
import type { CodeSource } from './source.ts';
import { ykmanCodes } from './ykman-codes.ts';
import { zenity } from './zenity.ts';

export type SourcePorts = ProgramPorts & DialogPorts;

/** Those that run a program; the terminal is the caller's. */
const MAKERS = {
  mfa_process: processCodes,
  ykman: ykmanCodes,
  pass: passCodes,
  zenity: (ports) => dialogCodes(zenity, ports),
  kdialog: (ports) => dialogCodes(kdialog, ports),
  osascript: (ports) => dialogCodes(osascript, ports),
  powershell: (ports) => dialogCodes(powershell, ports),
} as const satisfies Readonly<Record<string, (ports: SourcePorts) => CodeSource>>;

export type ProgramSourceName = keyof typeof MAKERS;
export type SourceName = 'terminal' | ProgramSourceName;

export const SOURCE_NAMES: readonly SourceName[] = [
  'terminal',
  ...(Object.keys(MAKERS) as readonly ProgramSourceName[]),
];

export function isSourceName(name: string): name is SourceName {
  return SOURCE_NAMES.some((known) => known === name);
}

export function programSource(name: ProgramSourceName, ports: SourcePorts): CodeSource {
  return MAKERS[name](ports);
}
