/**
 * aws-vault's own binary with the same role kept, where one is on the PATH: its file backend, for nobody is there to open a
 * keychain. By its documentation and help (`add --env`, `export --format=json`, `AWS_VAULT_FILE_PASSPHRASE`); it was
 * never run here.
 */
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { GatedHome } from './gated-home.ts';

export interface AwsVault {
  readonly name: string;
  readonly command: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

/** Its key added and the role entered once; or why there is nothing to measure. */
export function openAwsVault(home: GatedHome): AwsVault | string {
  const name = versionOf();
  if (name === undefined) return 'aws-vault is not on the PATH';
  const config = join(home.env['HOME'] ?? '', 'aws-vault-config');
  // With mfa_serial at the role it keeps the role's own session, as we do; at the base it would enter the role each time.
  writeFileSync(
    config,
    `[profile work]\nregion = eu-west-1\n\n[profile myrole]\nsource_profile = work\nrole_arn = ${home.roleArn}\nmfa_serial = ${home.serialNumber}\nregion = eu-west-1\n`,
  );
  const env = {
    ...home.env,
    AWS_CONFIG_FILE: config,
    AWS_VAULT_BACKEND: 'file',
    AWS_VAULT_FILE_PASSPHRASE: 'bench',
    // Releases that don't know AWS_ENDPOINT_URL would ask AWS itself: they get nowhere.
    HTTPS_PROXY: 'http://127.0.0.1:9',
  };
  const key = { AWS_ACCESS_KEY_ID: home.key.accessKeyId, AWS_SECRET_ACCESS_KEY: home.key.secretAccessKey };
  const command = ['aws-vault', 'export', '--format=json', 'myrole'];
  try {
    execFileSync('aws-vault', ['add', '--env', 'work'], { env: { ...env, ...key }, stdio: 'pipe' });
    execFileSync('aws-vault', [...command.slice(1, 3), `--mfa-token=${home.freshCode()}`, 'myrole'], {
      env,
      stdio: 'pipe',
    });
  } catch (error) {
    return `${name} could not enter the role: ${String((error as { readonly stderr?: Buffer }).stderr ?? error).trim()}`;
  }
  return { name: `${name} export`, command, env };
}

function versionOf(): string | undefined {
  try {
    // Old releases print it on stderr.
    const said = execFileSync('sh', ['-c', 'aws-vault --version 2>&1'], { encoding: 'utf8' });
    return `aws-vault ${said.trim()}`;
  } catch {
    return undefined;
  }
}
