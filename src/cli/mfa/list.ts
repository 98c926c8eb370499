/** `stepup mfa list`: a user's devices, what each is, and which one this machine uses. */
import type { ListedDevice } from '../../aws/iam-devices.ts';
import { readSerialNumber } from '../../mfa/device.ts';
import { escapeText } from '../../terminal/escape.ts';
import { styleFor } from '../../terminal/style.ts';
import { tableLines } from '../../terminal/table.ts';
import { ExitCode } from '../exit-code.ts';
import type { SigningOptions } from '../iam-user.ts';
import type { Io } from '../io.ts';
import { deviceInUse, devicesOf, mfaUser } from './user.ts';

export interface MfaListOptions extends SigningOptions {
  readonly user?: string;
  readonly json?: boolean;
}

type DeviceType = 'virtual' | 'hardware' | 'fido' | 'unknown';

interface DeviceRow {
  readonly serialNumber: string;
  readonly type: DeviceType;
  /** False for what is there for sign-in in a browser only. */
  readonly makesCodes: boolean;
  readonly enabledAtMs?: number;
  readonly usedHere: boolean;
}

const TYPES: Readonly<Record<DeviceType, string>> = {
  virtual: 'virtual (authenticator app)',
  hardware: 'hardware token',
  fido: 'FIDO (security key, passkey)',
  unknown: 'unknown',
};

/** Runs the command. Throws StepupError. */
export async function mfaListCommand(io: Io, profile: string | undefined, options: MfaListOptions): Promise<number> {
  const owner = await mfaUser(io, { ...options, profile, mayStepUp: true, verb: 'list' });
  const userName = options.user ?? owner.user.name;
  const devices = await devicesOf(owner, userName);
  const inUse = userName === owner.user.name ? deviceInUse(owner.user.base) : undefined;
  const rows = devices.map((device) => rowOf(device, inUse));
  if (options.json) io.stdout.write(`${JSON.stringify(rows.map(jsonOf), null, 2)}\n`);
  else print(io, userName, rows);
  if (inUse !== undefined && !rows.some(({ usedHere }) => usedHere)) {
    io.stderr.write(
      `mfa_serial of profile ${escapeText(owner.user.base.name)} names ${escapeText(inUse)}, which the user doesn't have.\n`,
    );
  }
  return ExitCode.done;
}

function rowOf({ serialNumber, enabledAtMs }: ListedDevice, inUse: string | undefined): DeviceRow {
  const device = readSerialNumber(serialNumber);
  const type = device.kind === 'totp' ? device.form : device.kind === 'fido' ? 'fido' : 'unknown';
  return {
    serialNumber,
    type,
    makesCodes: device.kind === 'totp',
    ...(enabledAtMs !== undefined && { enabledAtMs }),
    usedHere: serialNumber === inUse,
  };
}

function jsonOf({ enabledAtMs, ...row }: DeviceRow): object {
  return { ...row, ...(enabledAtMs !== undefined && { enabledAt: new Date(enabledAtMs).toISOString() }) };
}

function print(io: Io, userName: string, rows: readonly DeviceRow[]): void {
  if (rows.length === 0) {
    io.stderr.write(
      `User ${escapeText(userName)} has no MFA device. An authenticator app becomes one: stepup mfa enrol\n`,
    );
    return;
  }
  const style = styleFor(io.stdout, io.env);
  const head = ['DEVICE', 'TYPE', 'ENABLED', 'HERE'].map((text) => ({ text, paint: style.bold }));
  const lines = rows.map(({ serialNumber, type, enabledAtMs, usedHere }) => [
    escapeText(serialNumber),
    TYPES[type],
    enabledAtMs === undefined ? 'unknown' : new Date(enabledAtMs).toISOString().slice(0, 10),
    usedHere ? 'in use' : '',
  ]);
  io.stdout.write(`${tableLines([head, ...lines]).join('\n')}\n`);
  if (rows.some(({ type }) => type === 'fido')) {
    io.stderr.write(
      'A FIDO device is for sign-in in a browser: STS takes six-digit codes, so it opens no gate here.\n',
    );
  }
}
