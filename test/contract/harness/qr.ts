import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runChild } from './child.ts';
import { cleanEnvironment } from './clean-environment.ts';
import { makeTemporaryFolder } from './temporary-folder.ts';

/** What `zbarimg` reads in a picture of a QR code. */
export async function readQr(png: Buffer): Promise<string> {
  const folder = await makeTemporaryFolder();
  try {
    const file = join(folder.path, 'qr.png');
    await writeFile(file, png);
    const env = cleanEnvironment(folder.path);
    const { stdout, stderr } = await runChild('zbarimg', ['--quiet', '--raw', '-Sdisable', '-Sqrcode.enable', file], {
      env,
    });
    if (stdout === '') throw new Error(`zbarimg read nothing: ${stderr}`);
    return stdout.trimEnd();
  } finally {
    await folder.remove();
  }
}
