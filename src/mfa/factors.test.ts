import { expect, it } from 'vitest';
import { type CodePlaceName, type FactorsVerdict, judgeFactors, type KeyPlace } from './factors.ts';

const apart: FactorsVerdict = { type: 'apart' };
const same = (place: string): FactorsVerdict => ({ type: 'same-store', place });
const alone = (unless?: 'touch' | 'locked'): FactorsVerdict => ({ type: 'no-person', unless });

it.each<readonly [KeyPlace, CodePlaceName, boolean | undefined, FactorsVerdict]>([
  [{ store: 'credentials file' }, { source: 'terminal' }, undefined, apart],
  [{ store: 'pass' }, { source: 'terminal' }, undefined, apart],
  [{ store: 'pass' }, { source: 'zenity' }, undefined, apart],
  [{ store: 'pass' }, { source: 'pass' }, undefined, same('pass')],
  [{ store: 'keychain' }, { source: 'pass' }, undefined, alone('locked')],
  [{ store: 'pass' }, { source: 'mfa_process', program: '/usr/bin/pass' }, undefined, same('pass')],
  [{ store: 'pass' }, { source: 'mfa_process', program: '/usr/bin/gopass' }, undefined, same('pass')],
  [{ store: 'keychain' }, { source: 'mfa_process', program: '/usr/bin/secret-tool' }, undefined, same('keychain')],
  [{ store: 'keychain' }, { source: 'mfa_process', program: '/usr/bin/security' }, undefined, same('keychain')],
  [{ store: 'command', program: '/opt/op' }, { source: 'mfa_process', program: '/usr/bin/op' }, undefined, same('op')],
  [{ store: 'command', program: '/opt/op' }, { source: 'mfa_process', program: '/opt/other' }, undefined, alone()],
  [{ store: 'command', program: '/usr/bin/pass' }, { source: 'pass' }, undefined, same('pass')],
  [{ store: 'age' }, { source: 'mfa_process', program: '/opt/code' }, undefined, alone()],
  [{ store: 'keychain' }, { source: 'ykman' }, undefined, alone('touch')],
  [{ store: 'keychain' }, { source: 'ykman' }, true, alone()],
  [{ store: 'keychain' }, { source: 'ykman' }, false, apart],
])('key in %j, code from %j, touchless %j', (key, code, touchless, verdict) => {
  expect(judgeFactors(key, code, touchless)).toEqual(verdict);
});
