// A consumer of the package: compiled against its types with nothing skipped, then run. See check-package.mjs.
import { type Fault, type Sandbox, type SandboxAccount, startSandbox } from 'stepup';

const unavailable: Fault = { action: 'sts:GetCallerIdentity', answer: 'fail' };
const sandbox: Sandbox = await startSandbox({ accounts: ['111122223333'], faults: [unavailable], visibleAfterMs: 0 });
const root: SandboxAccount = sandbox.accounts[0];

const unsigned = await fetch(sandbox.endpoint, {
  method: 'POST',
  body: new URLSearchParams({ Action: 'GetCallerIdentity', Version: '2011-06-15' }),
});
const failed = unsigned.status === 500;
const refused = await fetch(sandbox.endpoint, {
  method: 'POST',
  body: new URLSearchParams({ Action: 'GetCallerIdentity', Version: '2011-06-15' }),
});
sandbox.clock.advanceSeconds(3600);
const ahead = sandbox.clock.now().getTime() - Date.now();
await sandbox.close();

if (!failed) throw new Error(`the fault was not felt: ${unsigned.status}`);
if (refused.status !== 403) throw new Error(`an unsigned request was answered with ${refused.status}`);
if (root.accountId !== '111122223333') throw new Error('another account');
if (ahead < 3_590_000) throw new Error('the clock was not moved');
