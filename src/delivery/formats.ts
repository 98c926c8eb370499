import type { Credentials } from '../aws/credentials.ts';
import { StepupError } from '../errors.ts';
import { quoteDotenv, quoteFish, quotePosix, quotePowershell, quoteWindowsCmd } from '../process/quote.ts';
import { printableVariables } from './printable-variables.ts';
import { processDocument } from './process-document.ts';

/** One line a variable; the names are those of `aws configure export-credentials`, and `dotenv` beside them. */
const lineOf = {
  env: (name: string, value: string) => `export ${name}=${quotePosix(value)}`,
  'env-no-export': (name: string, value: string) => `${name}=${quotePosix(value)}`,
  fish: (name: string, value: string) => `set -gx ${name} ${quoteFish(value)};`,
  powershell: (name: string, value: string) => `$Env:${name}=${quotePowershell(value)}`,
  'windows-cmd': (name: string, value: string) => `set "${name}=${safeForCmd(name, value)}"`,
  dotenv: (name: string, value: string) => `${name}=${quoteDotenv(value)}`,
} as const;

/** Formats of `stepup credentials --format`. */
export const credentialFormats = ['process', ...(Object.keys(lineOf) as (keyof typeof lineOf)[])] as const;
export type CredentialFormat = (typeof credentialFormats)[number];

/** Credentials as text, line end included. @throws StepupError `unquotable-value` */
export function formatCredentials(format: CredentialFormat, credentials: Credentials): string {
  if (format === 'process') return processDocument(credentials);
  return printableVariables(credentials, format)
    .map(([name, value]) => `${lineOf[format](name, value)}\n`)
    .join('');
}

function safeForCmd(name: string, value: string): string {
  const quoted = quoteWindowsCmd(value);
  if (quoted === undefined) throw new StepupError('unquotable-value', { variable: name, shell: 'cmd.exe' });
  return quoted;
}
