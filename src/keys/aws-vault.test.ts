import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { awsVaultKeys } from './aws-vault.ts';

/** An item as the keyring library of aws-vault writes it, sealed by another implementation of JWE (Python's jwcrypto). */
const SEALED =
  'eyJhbGciOiJQQkVTMi1IUzI1NitBMTI4S1ciLCJjcmVhdGVkIjoiMjAyNi0wMS0wMiAwMzowNDowNSArMDAwMCBVVEMiLCJlbmMiOiJBMjU2R0NNIiwicDJjIjo4MTkyLCJwMnMiOiJLamlIRVhHZ1Zxckdnejk3QncxbGtRIn0.fUx0pMy0kBUgnqEFyNpRYVXhtoxICMUYoD9LQW-rjJExOlUiqn-VZA.3ApLeCk74ApgTDwl.Q7RzDiIK5ej0fL123134J49GQtMHBTCJ2NDGgWF7Dr-kOB-v2Kb2A4S0X1e22OEAsD6FpQjCYS3t_hMly0RSnlgtyrU9KygFB27q-NEnC9RUekLjeR2fXNrTWtTJonJ8wZ-_uPE3KQ3Mh8V64im3rNWZYPPu2StnAjEUGOMLivrVN9uw_4CqEg6vEfdmLwfgMtqjmseYsH5uCQsByVjoj2Kki5GjNOh1xRB-CEwW62QQtzh7qLyH94hy3afJAZH4yiTbW6fU7IXTutdsE50BJTz8LBSjSJ7i4hxoEjtNUEwntOTYTjQcFmXKfpTzjQlgK_IoKIE5OKux7OyycijIMk1qKc69D3mXdsJZdjMShppY9OZln2rGnIJvjpobMHYV38KIeNvnQ7pqTeAaKTRh-qHknLiuG3g7CbORH04-BInKtzTaYpaB7FeAPj899M-U_s18u6R1ndeTZEo0Kppeqq1uRE9dkDG9p_wK1yp6GhqsycyYDP7xJ0z9X3p_aVWzXVA02p7m38YP-ZM0v9fHHWZ46K0.O8Y_huWoWZwlUkzlc1t0OQ';
const PASSPHRASE = 'vault passphrase';
const KEY = { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY' };
const item = (data: object): string =>
  JSON.stringify({
    Key: 'work',
    Data: Buffer.from(JSON.stringify(data)).toString('base64'),
    Label: 'aws-vault (work)',
  });

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'stepup-vault-'));
});
afterEach(() => rmSync(home, { recursive: true }));

function inVault(name: string, content: string): void {
  mkdirSync(join(home, '.awsvault/keys'), { recursive: true });
  writeFileSync(join(home, '.awsvault/keys', name), content);
}

function program(name: string, script: string): void {
  mkdirSync(join(home, 'bin'), { recursive: true });
  writeFileSync(join(home, 'bin', name), `#!/bin/sh\n${script}\n`, { mode: 0o700 });
}

async function found(passphrase = PASSPHRASE, platform: NodeJS.Platform = 'linux') {
  const asked: string[] = [];
  const keys = await awsVaultKeys({
    platform,
    env: { PATH: `${home}/bin:/usr/bin:/bin`, AWS_SECRET_ACCESS_KEY: 'no business of theirs' },
    homeDirectory: home,
    profiles: ['work'],
    find: (name) => (existsSync(join(home, 'bin', name)) ? join(home, 'bin', name) : undefined),
    passphrase: async () => {
      asked.push(passphrase);
      return passphrase;
    },
  });
  return { keys, asked };
}

describe('the keys of aws-vault', () => {
  it('are opened in its files, with one passphrase for all, and its sessions left alone', async () => {
    inVault('work', SEALED);
    inVault('team%2Fother', SEALED);
    for (const name of [
      'session,work,x,1',
      'sts.GetSessionToken,d29yaw,bWZh,1700000000',
      'oidc:https%3A%2F%2Fx',
      '.DS_Store',
    ]) {
      inVault(name, SEALED);
    }
    const { keys, asked } = await found();
    expect(keys.map(({ profile, kind }) => [profile, kind])).toEqual([
      ['team/other', 'file'],
      ['work', 'file'],
    ]);
    expect(asked).toEqual([]);
    for (const key of keys) expect(await key.read()).toEqual(KEY);
    expect(asked).toEqual([PASSPHRASE]);
  });

  it('stay shut for another passphrase, and for what is no file of its', async () => {
    inVault('work', SEALED);
    inVault('broken', 'x.y.z');
    inVault('weak', Buffer.from('{"alg":"dir","enc":"A256GCM"}').toString('base64url').concat('....'));
    for (const [passphrase, names] of [
      ['wrong', 3],
      [PASSPHRASE, 2],
    ] as const) {
      const { keys } = await found(passphrase);
      const outcomes = await Promise.allSettled(keys.map((key) => key.read()));
      const refused = outcomes.filter(({ status }) => status === 'rejected');
      expect(refused).toHaveLength(names);
      for (const one of refused) expect(one).toMatchObject({ reason: { code: 'store-locked' } });
    }
  });

  it('are read from pass and from the keychain of the system', async () => {
    mkdirSync(join(home, '.password-store/aws-vault'), { recursive: true });
    writeFileSync(join(home, '.password-store/aws-vault/work.gpg'), '');
    const data = { AccessKeyID: KEY.accessKeyId, SecretAccessKey: KEY.secretAccessKey };
    program('pass', `[ "$1 $2" = "show aws-vault/work" ] && [ -z "$AWS_SECRET_ACCESS_KEY" ] && echo '${item(data)}'`);
    program('secret-tool', `[ "$1 $2 $3" = "lookup profile work" ] && printf %s '${item(data)}'`);
    program(
      'security',
      `case "$*" in *'-s aws-vault -a work aws-vault.keychain-db') echo '${JSON.stringify(data)}';; esac`,
    );
    for (const platform of ['linux', 'darwin'] as const) {
      const { keys } = await found(PASSPHRASE, platform);
      expect(keys.map(({ profile, kind }) => [profile, kind])).toEqual([
        ['work', 'pass'],
        ['work', 'keychain'],
      ]);
      for (const key of keys) expect(await key.read()).toEqual(KEY);
    }
  });

  it('are none where it holds temporary credentials or nonsense', async () => {
    const temporary = { AccessKeyID: KEY.accessKeyId, SecretAccessKey: 's', SessionToken: 't' };
    program('secret-tool', `printf %s '${item(temporary)}'`);
    await expect((await found()).keys[0]?.read()).rejects.toMatchObject({ code: 'key-malformed' });
    program('secret-tool', 'echo nonsense');
    await expect((await found()).keys[0]?.read()).rejects.toMatchObject({ code: 'key-malformed' });
    program('secret-tool', 'exit 1');
    expect((await found()).keys).toEqual([]);
  });
});
