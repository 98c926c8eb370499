/** The user whose devices a command is about: its key, its devices, and which of them this machine uses. */
import type { Credentials } from '../../aws/credentials.ts';
import type { ListedDevice } from '../../aws/iam-devices.ts';
import type { ResolvedProfile } from '../../profiles/resolve.ts';
import {
  type IamAccesses,
  type IamUser,
  iamAccessFor,
  iamUserOf,
  keyedProfile,
  knownIamUser,
  type SigningOptions,
} from '../iam-user.ts';
import type { Io } from '../io.ts';
import { longTermKey } from '../long-term-key.ts';

export interface MfaUser {
  readonly user: IamUser;
  readonly iam: IamAccesses;
}

export interface MfaWish extends SigningOptions {
  readonly profile: string | undefined;
  readonly mayStepUp: boolean;
  /** `enrol`: the command's name. */
  readonly verb: string;
  /** Of a device with a name of its own. */
  readonly deviceName?: () => string | undefined;
}

/**
 * Learns whose the key is. The key itself is read when something must be signed by it: where a session is at hand and
 * the user is known, nobody is asked for a passphrase. Throws as `keyedProfile`, `longTermKey` and `iamUserOf`.
 */
export async function mfaUser(io: Io, wish: MfaWish): Promise<MfaUser> {
  const base = keyedProfile(io, wish.profile);
  let read: Promise<Credentials> | undefined;
  const key = (): Promise<Credentials> => {
    read ??= longTermKey(io, base);
    return read;
  };
  const user = knownIamUser(io, base) ?? (await iamUserOf(io, base, await key()));
  const iam = iamAccessFor(io, {
    ...wish,
    user,
    key,
    service: 'device',
    command: `stepup mfa ${wish.verb} ${base.name}`,
  });
  return { user, iam };
}

/** The devices that AWS lists for a user. */
export async function devicesOf({ user, iam }: MfaUser, userName = user.name): Promise<readonly ListedDevice[]> {
  const { listMfaDevices } = await import('../../aws/iam-devices.ts');
  return iam.call((connection) => listMfaDevices(connection, userName));
}

/** The device that a login of this base asks for a code of, as far as its profile says. */
export function deviceInUse({ settings }: ResolvedProfile): string | undefined {
  return settings.get('mfa_serial')?.value || undefined;
}
