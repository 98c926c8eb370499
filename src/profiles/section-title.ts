/** What the name of a section means: `[profile x]` and `[default]` in the config file, `[x]` in the credentials file. */
import { StepupError } from '../errors.ts';
import { splitWords } from './split-words.ts';

export type FileKind = 'config' | 'credentials';

export interface SectionTitle {
  /** `defaults` is `[DEFAULT]`, whose entries botocore (that is, Python) gives to every section of the file. */
  readonly type: 'profile' | 'sso-session' | 'services' | 'defaults' | 'other';
  readonly name: string;
}

const PREFIXES = ['profile', 'sso-session', 'services'] as const;

/** The characters that the JavaScript SDK takes in the name of a profile in the config file, quotes or not. */
const PLAIN_NAME = /^[\w\-@+.%:/]+$/;

/** Controls; brackets, which clients understand differently; and what the SDKs take for a comment. */
const UNWRITABLE_NAME = /[\u0000-\u001f\u007f[\]]|^\s|\s$|(?:^|\s)[#;]/;

/** Names that mean something else to a client: `[DEFAULT]` to Python, `__proto__` to JavaScript. */
const RESERVED_NAMES: ReadonlySet<string> = new Set(['DEFAULT', '__proto__']);

/** @param section what stands between the brackets */
export function readSectionTitle(section: string, file: FileKind): SectionTitle {
  if (section === 'DEFAULT') return { type: 'defaults', name: section };
  if (file === 'credentials' || section === 'default') return { type: 'profile', name: section };
  const [prefix, name, ...more] = splitWords(section) ?? [];
  const type = PREFIXES.find((known) => known === prefix);
  const isNamed = type !== undefined && section.startsWith(type) && name !== undefined && more.length === 0;
  return isNamed ? { type, name } : { type: 'other', name: section };
}

/** @throws StepupError `profile-name-unwritable` for a name that not all clients would read back */
export function requireProfileName(name: string): void {
  if (name === '' || UNWRITABLE_NAME.test(name) || RESERVED_NAMES.has(name)) {
    throw new StepupError('profile-name-unwritable', { name });
  }
}

/** What to write between the brackets for this profile. @throws as {@link requireProfileName} */
export function printProfileTitle(name: string, file: FileKind): string {
  requireProfileName(name);
  if (file === 'credentials' || name === 'default') return name;
  return PLAIN_NAME.test(name) ? `profile ${name}` : `profile "${name.replace(/["\\]/g, '\\$&')}"`;
}
