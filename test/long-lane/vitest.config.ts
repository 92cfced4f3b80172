import { defineConfig } from 'vitest/config';

/**
 * The lane that `npm run test:long` runs: the same tests as for a change, with many more storms, kills,
 * malformed requests and bundles, and those that need minutes by themselves.
 */
const env = { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true', RUNPLANE_LONG: 'true' };

/** The longest of these sweeps takes some minutes, on a slow machine four times as much. */
const HANGS_MS = 1_200_000;
const patience = {
  ...{ testTimeout: HANGS_MS, hookTimeout: HANGS_MS },
  expect: { poll: { timeout: 60_000, interval: 25 } },
};

export default defineConfig({
  test: {
    maxWorkers: '100%',
    globalSetup: ['test/support/scratch.ts'],
    projects: [
      {
        test: {
          name: 'long',
          env,
          include: [
            'test/reliability/**/*.test.ts',
            'test/{runs,apis}/**/*.test.ts',
            'test/e2e/malformed-requests.test.ts',
            'test/conformance/dynamo-*.test.ts',
            'test/deploy-lane/**/*.test.ts',
          ],
          ...patience,
        },
      },
      {
        test: {
          name: 'long synth',
          isolate: false,
          env,
          include: ['test/{constructs,stacks}/**/*.test.ts'],
          ...patience,
        },
      },
    ],
  },
});
