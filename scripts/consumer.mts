// A consumer of the package: compiled against its types with nothing skipped, then run. See check-package.mjs.
import { type Evaluation, evaluate, type Fault, type Sandbox, type SandboxAccount, startSandbox } from 'stepup';

function hold(claim: boolean, what: string): void {
  if (!claim) throw new Error(what);
}

const unavailable: Fault = { action: 'sts:GetCallerIdentity', answer: 'fail' };
const sandbox: Sandbox = await startSandbox({ accounts: ['111122223333'], faults: [unavailable], visibleAfterMs: 0 });
const root: SandboxAccount = sandbox.accounts[0];
const ask = () => fetch(`${sandbox.endpoint}/?Action=GetCallerIdentity&Version=2011-06-15`);
hold((await ask()).status === 500, 'the fault was not felt');
hold((await ask()).status === 403, 'an unsigned request was not refused');
hold(root.accountId === '111122223333', 'another account');
sandbox.clock.advanceSeconds(3600);
hold(sandbox.clock.now().getTime() - Date.now() > 3_590_000, 'the clock was not moved');
await sandbox.close();

const gate = {
  Version: '2012-10-17',
  Statement: {
    Effect: 'Allow',
    Principal: { AWS: 'arn:aws:iam::111122223333:user/alice' },
    Action: 'sts:AssumeRole',
    Condition: { Bool: { 'aws:MultiFactorAuthPresent': 'true' } },
  },
};
const enter = (context: Readonly<Record<string, string>>): Evaluation =>
  evaluate({
    resourcePolicy: gate,
    request: {
      principal: 'arn:aws:iam::111122223333:user/alice',
      action: 'sts:AssumeRole',
      resource: 'arn:aws:iam::111122223333:role/deploy',
      context,
    },
  });
hold(enter({}).decision === 'implicitDeny', 'the key alone was let in');
hold(enter({ 'aws:MultiFactorAuthPresent': 'true' }).decision === 'allowed', 'the code was not enough');
