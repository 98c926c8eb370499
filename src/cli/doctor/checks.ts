/** The checks of `stepup doctor`, in the order in which they are shown. Adding one touches its file and a line here. */
import { devices, factors, source } from './codes.ts';
import { contests } from './contests.ts';
import { endpoints } from './endpoints.ts';
import { fileModes, filesParse } from './files.ts';
import type { Check } from './finding.ts';
import { keychain, keys } from './keys.ts';
import { sessions } from './sessions.ts';

export const CHECKS: readonly Check[] = [
  filesParse,
  fileModes,
  keys,
  keychain,
  devices,
  source,
  factors,
  sessions,
  contests,
  endpoints,
];
