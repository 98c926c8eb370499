import type { Credentials } from '../aws/credentials.ts';
import { StepupError } from '../errors.ts';
import { credentialVariables } from './environment.ts';

/**
 * The variables that carry credentials, for text that a shell or a file's reader takes apart. No quoting brings a control
 * character through all of them, or through a terminal; nothing that AWS hands out has one, nor half of a surrogate pair.
 * @throws StepupError `unquotable-value`
 */
export function printableVariables(credentials: Credentials, reader: string): ReturnType<typeof credentialVariables> {
  const variables = credentialVariables(credentials);
  const bad = variables.find(([, value]) => /[\p{Cc}\p{Cs}]/u.test(value));
  if (bad !== undefined) throw new StepupError('unquotable-value', { variable: bad[0], shell: reader });
  return variables;
}
