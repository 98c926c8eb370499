import type { Command } from 'commander';
import { expect, it } from 'vitest';
import { fakeIo } from '../../../test/support/fake-io.ts';
import { credentialFormats } from '../../delivery/formats.ts';
import { defineProgram } from '../program.ts';

it('offers exactly the formats that delivery knows', () => {
  const program: Command = defineProgram(fakeIo([]), () => undefined);
  const command = program.commands.find((one) => one.name() === 'credentials');
  const format = command?.options.find((option) => option.long === '--format');
  expect(format?.argChoices).toEqual([...credentialFormats]);
});
