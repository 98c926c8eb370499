import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

const setupFiles = ['test/contract/harness/forget-aws-variables.ts'];
/** Contract tests wait for other programs more than they work. */
const maxWorkers = Math.max(2, availableParallelism() - 1);

export default defineConfig({
  test: {
    maxWorkers,
    projects: [
      { test: { name: 'unit', include: ['src/**/*.test.ts', 'scripts/*.test.mjs'], testTimeout: 30_000, setupFiles } },
      {
        test: {
          name: 'differential',
          include: ['test/differential/**/*.test.ts'],
          testTimeout: 600_000,
          pool: 'forks',
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: {
          name: 'contract',
          include: ['test/contract/**/*.test.ts'],
          testTimeout: 180_000,
          hookTimeout: 120_000,
          pool: 'forks',
          // Real programs on two cores: one file at a time, after all else.
          maxWorkers: 1,
          sequence: { groupOrder: 2 },
          setupFiles,
          globalSetup: ['test/contract/harness/programs.ts'],
        },
      },
    ],
  },
});
