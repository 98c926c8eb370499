/**
 * The negative table: requests that must be refused. Each row says what is wrong with it, the code and status that AWS
 * answers, and is checked to have changed nothing.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { snapshotOf } from './harness/account-snapshot.ts';
import { joinBody } from './harness/chunked.ts';
import { send, xmlText } from './harness/raw-request.ts';
import { rows as codeRows } from './negative/code-rows.ts';
import { rows as httpRows } from './negative/http-rows.ts';
import { rows as objectRows, streamBody, streamDraft } from './negative/object-rows.ts';
import { rows as permissionRows } from './negative/permission-rows.ts';
import { call, createUser, presignObject, putDraft, signObject } from './negative/requests.ts';
import { rows as roleRows } from './negative/role-rows.ts';
import type { NegativeRow } from './negative/row.ts';
import { rows as signatureRows } from './negative/signature-rows.ts';
import { rows as tokenRows } from './negative/token-rows.ts';
import { buildWorld, type World } from './negative/world.ts';

const tables: Readonly<Record<string, readonly NegativeRow[]>> = {
  'signatures of the Query protocol': signatureRows,
  'signatures of S3': objectRows,
  'session tokens': tokenRows,
  'one-time codes': codeRows,
  'roles and durations': roleRows,
  permissions: permissionRows,
  'HTTP, shapes and the clock': httpRows,
};

let world: World;
beforeAll(async () => {
  world = await buildWorld();
});
afterAll(() => world.close());

describe.each(Object.entries(tables))('%s', (_name, rows) => {
  test.each(rows.map((row) => [row.what, row] as const))('%s', async (_what, row) => {
    const attempt = await row.prepare(world);
    const before = await snapshotOf(world.client, world.sandbox.accounts);
    const answer = await attempt();
    const found = { status: answer.status, code: xmlText(answer.body, 'Code') ?? null };
    expect(found, answer.body).toEqual({ status: row.status, code: row.code });
    const message = xmlText(answer.body, 'Message') ?? answer.body;
    if (typeof row.message === 'string') expect(message).toContain(row.message);
    if (row.message instanceof RegExp) expect(message).toMatch(row.message);
    expect(await snapshotOf(world.client, world.sandbox.accounts)).toEqual(before);
  });
});

test('the table has at least 110 rows, each different', () => {
  const names = Object.entries(tables).flatMap(([name, rows]) => rows.map((row) => `${name}: ${row.what}`));
  expect(names.length).toBeGreaterThanOrEqual(110);
  expect(new Set(names).size).toBe(names.length);
});

describe('the same requests, unbroken, are served', () => {
  test('CreateUser', async () => {
    const answer = await call(world, 'iam', { ...createUser, UserName: 'welcome' }, world.admin.key);
    expect(answer.status, answer.body).toBe(200);
  });

  test('PutObject by header', async () => {
    const answer = await send(world.sandbox.port, signObject(putDraft(world), world.admin.key));
    expect(answer.status, answer.body).toBe(200);
  });

  test('PutObject by presigned address', async () => {
    const answer = await send(world.sandbox.port, presignObject(putDraft(world), world.admin.key));
    expect(answer.status, answer.body).toBe(200);
  });

  test.each([
    'STREAMING-AWS4-HMAC-SHA256-PAYLOAD',
    'STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER',
    'STREAMING-UNSIGNED-PAYLOAD-TRAILER',
  ] as const)('PutObject as %s', async (mode) => {
    const signed = signObject(streamDraft(world, mode), world.admin.key, { payloadHash: mode });
    const answer = await send(world.sandbox.port, { ...signed, body: joinBody(streamBody(mode, signed)) });
    expect(answer.status, answer.body).toBe(200);
  });
});
