/** What a login costs on the network, counted at the sandbox. */
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { type GatedRole, openGatedRole } from './harness/gated-role.ts';
import { type Home, makeHome } from './harness/home.ts';
import { STEPUP } from './harness/stepup.ts';
import { withoutTerminal } from './harness/terminal.ts';
import { type NetworkWatch, watchNetwork } from './harness/watch-network.ts';

let world: GatedRole;
let home: Home;
let network: NetworkWatch;

beforeAll(async () => {
  world = await openGatedRole();
});
afterAll(() => world.close());
afterEach(async () => {
  network.stop();
  await home.remove();
});

async function open(config: string): Promise<void> {
  home = await makeHome(world.sandbox.endpoint, { config, credentials: world.credentials });
  network = watchNetwork(world.sandbox.port);
}

async function logIn(...options: readonly string[]): Promise<void> {
  const input = await world.alice.phone.freshCode();
  const words = [...STEPUP, 'login', 'work', ...options, '--code', '-'];
  const { exitCode, stderr } = await withoutTerminal(words, home.env, { input });
  expect(exitCode, stderr).toBe(0);
}

const counted = () => ({ connections: network.connections, requests: network.requests });

it('is one request over one connection where mfa_serial names the device', async () => {
  await open(world.config);
  await logIn();
  expect(counted()).toEqual({ connections: 1, requests: 1 });
});

it('is one as well where --serial-number does', async () => {
  await open(world.config.replace(/^mfa_serial.*\n/m, ''));
  await logIn('--serial-number', world.alice.phone.serialNumber);
  expect(counted()).toEqual({ connections: 1, requests: 1 });
});

it('is none while the session serves, and none for credentials that are kept', async () => {
  await open(world.config);
  await logIn();
  expect((await withoutTerminal([...STEPUP, 'credentials', 'myrole'], home.env)).exitCode).toBe(0);
  const before = counted();
  for (const words of [
    ['login', 'work'],
    ['credentials', 'myrole'],
    ['exec', 'myrole', '--', 'true'],
    ['exec', '--nested', 'myrole', '--', 'true'],
    ['credentials', 'work'],
  ]) {
    const { exitCode, stderr } = await withoutTerminal([...STEPUP, ...words], home.env);
    expect(exitCode, stderr).toBe(0);
  }
  expect(counted()).toEqual(before);
  expect(before).toEqual({ connections: 2, requests: 2 });
});
