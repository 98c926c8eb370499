/** The keys of others, as files beside `stepup.yaml` that only they open. */
import { dirname, join } from 'node:path';
import { IAMClient, TagUserCommand } from '@aws-sdk/client-iam';
import { type Connection, call } from '../../aws/connection.ts';
import { accessKeyLastUse, createAccessKey, deleteAccessKey, listAccessKeys } from '../../aws/iam-access-keys.ts';
import type { Patience } from '../../aws/patience.ts';
import { writeFileAtomic } from '../../files/atomic-write.ts';
import { handOverKey } from '../../guardrails/apply/hand-over-key.ts';
import type { KeyStep } from '../../guardrails/apply/steps.ts';

/** `alice.key.age`, beside the setup's file. */
function keyFilePath(setupFile: string, userName: string): string {
  return join(dirname(setupFile), `${userName}.key.age`);
}

/** Does a plan's step by this connection. Throws what `handOverKey` throws. */
export async function handOver(
  setup: { readonly name: string; readonly file: string },
  step: KeyStep,
  connectionOf: () => Promise<Connection>,
  patience: Patience,
): Promise<string> {
  const userName = step.user.name;
  const { encryptTo } = await import('../../keys/encrypt-to.ts');
  return handOverKey(setup.name, step, {
    ...patience,
    listKeys: async () => (await listAccessKeys(await connectionOf(), userName)).map(({ accessKeyId }) => accessKeyId),
    isUnused: async (accessKeyId) => (await accessKeyLastUse(await connectionOf(), accessKeyId)).type === 'never',
    deleteKey: async (accessKeyId) => deleteAccessKey(await connectionOf(), { userName, accessKeyId }),
    createKey: async () => createAccessKey(await connectionOf(), userName),
    tagUser: async (Tags) => {
      const command = new TagUserCommand({ UserName: userName, Tags });
      return call('TagUser', await connectionOf(), (config) => new IAMClient(config).send(command));
    },
    encrypt: encryptTo,
    save: (encrypted) => {
      const path = keyFilePath(setup.file, userName);
      writeFileAtomic(path, encrypted);
      return path;
    },
  });
}
