import { CreateUserCommand, ListAccessKeysCommand, ListUserTagsCommand } from '@aws-sdk/client-iam';
import { GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import { armor, Decrypter, generateIdentity, identityToRecipient } from 'age-encryption';
import { describe, expect, it } from 'vitest';
import { blueprintOf, type GuardrailsWorld, guardrailsWorld, PEOPLE } from '../../../test/support/guardrails-world.ts';
import { isEmpty } from '../plan/plan.ts';

const setupFor = (recipient: string) =>
  blueprintOf(`version: 1
accounts: { people: { id: "${PEOPLE}" } }
users: { alice: { age_recipient: ${recipient} } }
roles: { read: { enter: [alice] } }
`);

async function someone() {
  const identity = await generateIdentity();
  const decrypter = new Decrypter();
  decrypter.addIdentity(identity);
  return {
    recipient: await identityToRecipient(identity),
    open: async (file: string) => decrypter.decrypt(armor.decode(file), 'text'),
  };
}

const keysOf = async (world: GuardrailsWorld) =>
  (await world.iam().send(new ListAccessKeysCommand({ UserName: 'alice' }))).AccessKeyMetadata!.map(
    (key) => key.AccessKeyId,
  );

describe('a key for somebody else', () => {
  it('is opened by that person alone, works, and is made once', async () => {
    const world = await guardrailsWorld({ accounts: [PEOPLE] });
    try {
      const alice = await someone();
      const blueprint = setupFor(alice.recipient);
      await world.apply(blueprint);
      const [file] = [...world.keyFiles.values()];
      const [, id, secret] = /^Access key ID,Secret access key\n(\w+),(\S+)\n$/.exec(await alice.open(file!))!;
      const { Arn } = await world
        .sts({ accessKeyId: id!, secretAccessKey: secret! })
        .send(new GetCallerIdentityCommand({}));
      expect(Arn).toBe(`arn:aws:iam::${PEOPLE}:user/alice`);
      expect(file).not.toContain(secret!);
      const { Tags } = await world.iam().send(new ListUserTagsCommand({ UserName: 'alice' }));
      expect(JSON.stringify(Tags)).toContain(`key:${id}`);
      expect(isEmpty(await world.plan(blueprint))).toBe(true);
      await world.apply(blueprint);
      expect(await keysOf(world)).toEqual([id]);
    } finally {
      await world.close();
    }
  });

  it('is one, whatever call of its making the run was stopped after', async () => {
    const alice = await someone();
    const blueprint = setupFor(alice.recipient);
    for (const stopAfter of ['listKeys', 'isUnused', 'deleteKey', 'createKey', 'encrypt', 'save', 'tagUser']) {
      const world = await guardrailsWorld({ accounts: [PEOPLE] });
      try {
        // The second stop is at a key that the first one left behind.
        for (const stop of ['createKey', stopAfter])
          await world.apply(blueprint, world.stoppingKeys(stop)).catch(() => undefined);
        await world.apply(blueprint);
        const held = await keysOf(world);
        expect([stopAfter, held]).toEqual([stopAfter, [expect.stringMatching(/^AKIA/)]]);
        const [file] = [...world.keyFiles.values()];
        expect(await alice.open(file!)).toContain(held[0]);
        expect(isEmpty(await world.plan(blueprint))).toBe(true);
      } finally {
        await world.close();
      }
    }
  });

  it('leaves the keys of a user who was there before, and says when there is no room', async () => {
    const world = await guardrailsWorld({ accounts: [PEOPLE] });
    try {
      await world.iam().send(new CreateUserCommand({ UserName: 'alice' }));
      const held = [await world.newKey('alice'), await world.newKey('alice')];
      await expect(world.apply(setupFor((await someone()).recipient))).rejects.toMatchObject({
        code: 'setup-keys-full',
      });
      expect((await keysOf(world)).sort()).toEqual(held.sort());
    } finally {
      await world.close();
    }
  });
});
