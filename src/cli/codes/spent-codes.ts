/** The codes that AWS took, as every command of this user remembers them. */
import { resolveEndpoint } from '../../aws/endpoints.ts';
import { isStepupError } from '../../errors.ts';
import { type UsedCodes, usedCodes } from '../../mfa/used-codes.ts';
import { awsFilePaths, readAwsFiles } from '../../profiles/aws-files.ts';
import { endpointSettings } from '../../profiles/endpoint-settings.ts';
import type { ResolvedProfile } from '../../profiles/resolve.ts';
import type { Io } from '../io.ts';
import { memoryFile } from '../memory-file.ts';
import { ownFolders } from '../own-folders.ts';

export function spentCodes(io: Io): UsedCodes {
  return usedCodes({ memory: memoryFile(`${ownFolders(io).cache}/used-codes.json`), now: io.now });
}

/** IAM took this code for a device: a login of the profile, which goes to STS, shall know that it is spent. */
export function rememberSpent(io: Io, base: ResolvedProfile, serialNumber: string, code: string): void {
  try {
    const files = readAwsFiles(awsFilePaths(io.env, io.homeDirectory));
    const { url } = resolveEndpoint('sts', endpointSettings(files, base, 'sts', io.env));
    spentCodes(io).remember({ serialNumber, host: url.host }, code);
  } catch (error) {
    // What keeps this from being known keeps a login from being sent, and is told there.
    if (!isStepupError(error)) throw error;
  }
}
