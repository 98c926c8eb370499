import { describe, expect, it } from 'vitest';
import { parseAwsFiles } from '../profiles/aws-files.ts';
import { editedText } from '../profiles/update.ts';
import { bridgeFor, planBridge } from './bridge.ts';

const parse = (config: string) => parseAwsFiles({ config: '/c', credentials: '/k' }, config, '');
const corp = '[profile corp]\nlogin_session = arn:aws:iam::1:user/a\nregion = eu-west-1\n';
const role = '[profile role]\nrole_arn = arn:role\nsource_profile = corp\n';

describe('a bridge to a base that not every client can start from', () => {
  it('stands between the base and its role profiles', () => {
    const files = parse(`${corp}# mine\n${role}`);
    const bridge = bridgeFor(files, { base: 'corp', by: 'login-session' }, {});
    expect(bridge).toEqual({ base: 'corp', profile: 'corp-bridge', roles: ['role'] });
    const text = editedText(files.config, planBridge(files, bridge!, '/opt/stepup credentials corp'));
    expect(text).toBe(
      `${corp}# mine\n${role.replace('= corp', '= corp-bridge')}\n[profile corp-bridge]\ncredential_process = /opt/stepup credentials corp\nregion = eu-west-1\n`,
    );
    // It is there now: nothing starts from the base any more, and where it leads is known.
    expect(bridgeFor(parse(text), { base: 'corp', by: 'login-session' }, {})).toBeUndefined();
  });

  it.each([
    ['every client starts from the base', corp + role, 'credential-process'],
    ['nothing starts from it', corp, 'login-session'],
    [
      'the name is taken',
      `${corp}${role}[profile corp-bridge]\ncredential_process = /usr/bin/theirs\n`,
      'login-session',
    ],
  ] as const)('is not wanted where %s', (_, config, by) => {
    expect(bridgeFor(parse(config), { base: 'corp', by }, {})).toBeUndefined();
  });
});
