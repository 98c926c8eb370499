import {
  appendFileSync,
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CreateUserCommand,
  DeleteAccessKeyCommand,
  ListMFADevicesCommand,
  ListUsersCommand,
} from '@aws-sdk/client-iam';
import { CreateBucketCommand, GetObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { AssumeRoleCommand, GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type TriedSandbox, trySandbox } from '../../test/support/sandbox-clients.ts';
import { allowing, assume, hire, makeRole } from '../../test/support/sandbox-people.ts';
import { startSandbox } from './start.ts';

let parent: string;
let dataDir: string;
const opened: TriedSandbox[] = [];

beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), 'stepup-start-'));
  dataDir = join(parent, 'data');
});
afterEach(async () => {
  for (const tried of opened.splice(0)) await tried.close().catch(() => undefined);
  rmSync(parent, { recursive: true });
});

async function open(options: Parameters<typeof trySandbox>[0] = {}): Promise<TriedSandbox> {
  const tried = await trySandbox({ dataDir, ...options });
  opened.push(tried);
  return tried;
}

function failure(code: string) {
  return expect.objectContaining({ name: 'StepupError', code });
}

async function users(tried: TriedSandbox): Promise<readonly (string | undefined)[]> {
  const { Users = [] } = await tried.iam().send(new ListUsersCommand());
  return Users.map(({ UserName }) => UserName);
}

describe('the state of a sandbox', () => {
  it('is as it was after a restart: users, sessions, objects, clock', async () => {
    const before = await open();
    const ann = await hire(before, 'ann', [allowing('sts:AssumeRole')]);
    const roleArn = await makeRole(before, 'deploy', [allowing('s3:*')]);
    const session = await assume(before, ann, roleArn);
    await before.s3().send(new CreateBucketCommand({ Bucket: 'ledger' }));
    await before.s3().send(new PutObjectCommand({ Bucket: 'ledger', Key: 'a', Body: 'hello' }));
    before.sandbox.clock.advanceSeconds(600);
    await before.close();

    const after = await open();
    expect(after.sandbox.accounts).toEqual(before.sandbox.accounts);
    expect(await users(after)).toEqual(['ann']);
    expect((await after.sts(session).send(new GetCallerIdentityCommand())).Arn).toContain('assumed-role/deploy/tests');
    const { Body } = await after.s3(session).send(new GetObjectCommand({ Bucket: 'ledger', Key: 'a' }));
    expect(await Body?.transformToString()).toBe('hello');
    expect(after.sandbox.clock.now().getTime() - Date.now()).toBeGreaterThan(590_000);
    expect(after.failures).toEqual([]);
  });

  it("is its owner's alone", async () => {
    const tried = await open();
    await tried.s3().send(new CreateBucketCommand({ Bucket: 'ledger' }));
    await tried.s3().send(new PutObjectCommand({ Bucket: 'ledger', Key: 'a', Body: 'hello' }));
    const mode = (...path: string[]) => (statSync(join(dataDir, ...path)).mode & 0o777).toString(8);
    expect(mode()).toBe('700');
    expect(mode('objects')).toBe('700');
    const files = readdirSync(dataDir).filter((name) => name !== 'objects');
    expect(files.sort()).toEqual(['journal', 'lock', 'sealing.key']);
    for (const name of files) expect(mode(name)).toBe('600');
    const [body = ''] = readdirSync(join(dataDir, 'objects'));
    expect(mode('objects', body)).toBe('600');
    await tried.close();
    chmodSync(dataDir, 0o755);
    await open();
    expect(mode()).toBe('700');
  });

  it('is held by one sandbox at a time', async () => {
    const first = await open();
    await expect(startSandbox({ dataDir })).rejects.toEqual(failure('sandbox-data-in-use'));
    await first.close();
    await open();
  });

  it('goes on from an unfinished record, and says what was cut', async () => {
    const before = await open();
    await before.iam().send(new CreateUserCommand({ UserName: 'ann' }));
    await before.close();
    appendFileSync(join(dataDir, 'journal'), '0000abcd 12345678 {"commit":9');
    const after = await open();
    expect(after.sandbox.cutBytes).toBe(29);
    expect(await users(after)).toEqual(['ann']);
    await after.close();
    expect((await open()).sandbox.cutBytes).toBe(0);
  });

  it('that is damaged is refused, by file and offset, and the folder is let go', async () => {
    const before = await open();
    await before.iam().send(new CreateUserCommand({ UserName: 'ann' }));
    await before.close();
    const file = join(dataDir, 'journal');
    const whole = readFileSync(file);
    const offset = whole.indexOf('\n') + 1;
    const damaged = Buffer.from(whole);
    damaged[offset + 30] = 0x21;
    writeFileSync(file, damaged);
    await expect(startSandbox({ dataDir })).rejects.toMatchObject({
      code: 'sandbox-data-corrupt',
      fields: { file, offset },
    });
    writeFileSync(file, whole);
    expect(await users(await open())).toEqual(['ann']);
  });

  it('with a sealing key of the wrong length is refused', async () => {
    await (await open()).close();
    truncateSync(join(dataDir, 'sealing.key'), 5);
    await expect(startSandbox({ dataDir })).rejects.toEqual(failure('sandbox-data-corrupt'));
  });

  it("is never written among other people's files", async () => {
    writeFileSync(join(parent, 'diary'), 'mine');
    await expect(startSandbox({ dataDir: parent })).rejects.toMatchObject({
      code: 'sandbox-data-foreign',
      fields: { folder: parent, entry: 'diary' },
    });
    expect(readdirSync(parent)).toEqual(['diary']);
    writeFileSync(join(parent, 'file'), '');
    await expect(startSandbox({ dataDir: join(parent, 'file') })).rejects.toEqual(failure('unsafe-path'));
  });

  it.each([
    ['a file', (bodies: string) => writeFileSync(join(bodies, 'mine'), 'mine'), 'mine'],
    ['a folder', (bodies: string) => mkdirSync(join(bodies, 'a'.repeat(32))), 'a'.repeat(32)],
  ])('never removes %s of other people among its bodies', async (_what, put, entry) => {
    const bodies = join(dataDir, 'objects');
    mkdirSync(bodies, { recursive: true });
    put(bodies);
    await expect(startSandbox({ dataDir })).rejects.toMatchObject({
      code: 'sandbox-data-foreign',
      fields: { folder: bodies, entry },
    });
    expect([readdirSync(dataDir), readdirSync(bodies)]).toEqual([['objects'], [entry]]);
  });

  it('never follows a link to where bodies of others are', async () => {
    const others = join(parent, 'others');
    mkdirSync(others);
    writeFileSync(join(others, 'a'.repeat(32)), 'theirs');
    mkdirSync(dataDir);
    symlinkSync(others, join(dataDir, 'objects'));
    await expect(startSandbox({ dataDir })).rejects.toEqual(failure('unsafe-path'));
    expect(readdirSync(others)).toHaveLength(1);
  });

  it('without a folder is gone with the sandbox', async () => {
    const tried = await trySandbox();
    await tried.iam().send(new CreateUserCommand({ UserName: 'ann' }));
    await tried.close();
    expect(existsSync(dataDir)).toBe(false);
  });
});

describe('the accounts of a sandbox', () => {
  it('have credentials of their own, each folder others', async () => {
    const one = await open({ accounts: ['222222222222', '111111111111'] });
    expect(one.sandbox.accounts.map(({ accountId }) => accountId)).toEqual(['222222222222', '111111111111']);
    for (const keys of one.sandbox.accounts) {
      expect(keys.accessKeyId).toMatch(/^AKIA[A-Z2-7]{16}$/);
      expect(keys.secretAccessKey).toHaveLength(40);
      expect((await one.sts(keys).send(new GetCallerIdentityCommand())).Account).toBe(keys.accountId);
    }
    const other = await open({ dataDir: join(parent, 'other'), accounts: ['222222222222'] });
    expect(other.root.secretAccessKey).not.toBe(one.root.secretAccessKey);
  });

  it('are kept, and more can be added', async () => {
    const ids = ({ sandbox }: TriedSandbox) => sandbox.accounts.map(({ accountId }) => accountId);
    const before = await open({ accounts: ['222222222222', '111111111111'] });
    await before.close();
    const after = await open({ accounts: ['333333333333'] });
    expect(ids(after)).toEqual(['333333333333', '222222222222', '111111111111']);
    expect(after.sandbox.accounts.slice(1)).toEqual(before.sandbox.accounts);
    await after.close();
    expect(ids(await open())).toEqual(['222222222222', '111111111111', '333333333333']);
  });

  it.each([[['12345678901']], [['1234567890123']], [['12345678901a']], [['']], [['111111111111', '111111111111']]])(
    '%j are refused',
    async (accounts) => {
      await expect(startSandbox({ accounts })).rejects.toEqual(failure('usage'));
    },
  );

  it('get a new root key when theirs was deleted', async () => {
    const before = await open();
    await before.iam().send(new DeleteAccessKeyCommand({ AccessKeyId: before.root.accessKeyId }));
    await before.close();
    const after = await open();
    expect(after.root.accessKeyId).not.toBe(before.root.accessKeyId);
    await expect(after.sts().send(new GetCallerIdentityCommand())).resolves.toBeDefined();
  });

  it('can trust each other', async () => {
    const tried = await open({ accounts: ['111111111111', '222222222222'] });
    const trust = { Effect: 'Allow', Principal: { AWS: '222222222222' }, Action: 'sts:AssumeRole' };
    const roleArn = await makeRole(tried, 'visitors', [], trust);
    const ann = await hire(tried, 'ann', [allowing('sts:AssumeRole')], tried.sandbox.accounts[1]);
    expect((await tried.sts(await assume(tried, ann, roleArn)).send(new GetCallerIdentityCommand())).Account).toBe(
      '111111111111',
    );
    const bob = await hire(tried, 'bob', [], tried.sandbox.accounts[1]);
    const entering = new AssumeRoleCommand({ RoleArn: roleArn, RoleSessionName: 'tests' });
    await expect(tried.sts(bob).send(entering)).rejects.toMatchObject({ name: 'AccessDenied' });
  });
});

it('says when its port is taken, and lets go of the folder', async () => {
  const first = await open();
  const port = Number(new URL(first.sandbox.endpoint).port);
  const elsewhere = join(parent, 'other');
  await expect(startSandbox({ dataDir: elsewhere, port })).rejects.toEqual(failure('port-in-use'));
  await open({ dataDir: elsewhere });
});

it('gives users devices that no API call can make', async () => {
  const tried = await open();
  await hire(tried, 'ann', []);
  const { accountId } = tried.root;
  const fido = tried.sandbox.addDevice({ type: 'fido', accountId, userName: 'ann', name: 'yubikey' });
  expect(fido).toMatch(/^arn:aws:iam::123456789012:u2f\/user\/ann\/yubikey-[0-9A-F]{26}$/);
  const seedBase32 = 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP';
  tried.sandbox.addDevice({ type: 'hardware', accountId, userName: 'ann', serialNumber: 'GAHT12345678', seedBase32 });
  const { MFADevices = [] } = await tried.iam().send(new ListMFADevicesCommand({ UserName: 'ann' }));
  expect(MFADevices.map(({ SerialNumber }) => SerialNumber).sort()).toEqual(['GAHT12345678', fido]);
  const nobody = { type: 'fido', accountId, userName: 'bob', name: 'key' } as const;
  expect(() => tried.sandbox.addDevice(nobody)).toThrow(failure('usage'));
});

it('bases its clock on what it is given', async () => {
  const tried = await open({ clock: () => Date.UTC(2031, 0) });
  tried.sandbox.clock.advanceSeconds(60);
  expect(tried.sandbox.clock.now().toISOString()).toBe('2031-01-01T00:01:00.000Z');
  tried.sandbox.clock.set(new Date('2032-01-01'));
  const { User } = await tried.iam().send(new CreateUserCommand({ UserName: 'ann' }));
  expect(User?.CreateDate?.toISOString()).toBe('2032-01-01T00:00:00.000Z');
  tried.sandbox.clock.reset();
  expect(() => tried.sandbox.clock.advanceSeconds(1e12)).toThrow(RangeError);
});
