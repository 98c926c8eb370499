import { defineConfig } from 'vitest/config';

const setupFiles = ['test/contract/harness/forget-aws-variables.ts'];

export default defineConfig({
  test: {
    projects: [
      { test: { name: 'unit', include: ['src/**/*.test.ts'], testTimeout: 30_000, setupFiles } },
      {
        test: {
          name: 'differential',
          include: ['test/differential/**/*.test.ts'],
          testTimeout: 600_000,
          pool: 'forks',
          maxWorkers: 2,
        },
      },
      {
        test: {
          name: 'contract',
          include: ['test/contract/**/*.test.ts'],
          testTimeout: 180_000,
          hookTimeout: 120_000,
          pool: 'forks',
          setupFiles,
          globalSetup: ['test/contract/harness/programs.ts'],
        },
      },
    ],
  },
});
