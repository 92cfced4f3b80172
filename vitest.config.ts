import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['test/{runs,apis,spreadsheets,agents,adapters,conformance,golden,architecture}/**/*.test.ts'],
          testTimeout: 20_000,
        },
      },
      {
        test: {
          // Whole platforms are booted here: worker threads, the embedded database, kill -9.
          name: 'e2e',
          include: ['test/e2e/**/*.test.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          // Importing aws-cdk-lib alone takes seconds, so these stand apart with a timeout of their own.
          name: 'synth',
          include: ['test/{constructs,stacks}/**/*.test.ts'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
