import { defineConfig } from 'vitest/config';

/** The SDK announces the end of its support for Node 20 at every client; `engines` says what works here. */
const env = { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' };

export default defineConfig({
  test: {
    // Much of a test is waiting; left alone, vitest keeps one core of two for itself.
    maxWorkers: '100%',
    globalSetup: ['test/support/scratch.ts'],
    projects: [
      {
        test: {
          name: 'unit',
          env,
          include: [
            'test/{runs,apis,spreadsheets,agents,adapters,client,commands,conformance,golden,architecture}/**/*.test.ts',
          ],
          testTimeout: 20_000,
        },
      },
      {
        test: {
          // Whole platforms are booted here: worker threads, the embedded database, kill -9.
          name: 'e2e',
          env,
          include: ['test/{e2e,reliability}/**/*.test.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          // Importing aws-cdk-lib alone takes seconds, so these stand apart with a timeout of their own.
          name: 'synth',
          // The construct library holds no state of its tests: it is read once a worker instead of once a file.
          isolate: false,
          env,
          include: ['test/{constructs,stacks}/**/*.test.ts'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
