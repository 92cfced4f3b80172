import { defineConfig } from 'vitest/config';

/** The lane that `npm run test:browser` runs: pages as people and browsers see them. */
export default defineConfig({
  test: {
    name: 'browser',
    env: { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' },
    include: ['test/browser/**/*.test.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
