import type { Clocks, Directory, KeyOwner, ReplayMemory, TotpDevice } from './ports.ts';

export interface CodeAuthority {
  readonly directory: Pick<Directory, 'totpDevice'>;
  readonly clocks: Pick<Clocks, 'authority'>;
  readonly replay: ReplayMemory;
}

/** True: two codes of consecutive steps, within the window, the second now used up (EnableMFADevice, ResyncMFADevice). */
export declare function provesDevice(
  device: TotpDevice,
  firstCode: string,
  secondCode: string,
  authority: Omit<CodeAuthority, 'directory'>,
): boolean;

/** Returns if the code is this owner's and unused. Throws Refusal `AccessDenied` in STS's words. */
export declare function verifyCode(owner: KeyOwner, serialNumber: string, code: string, authority: CodeAuthority): void;
