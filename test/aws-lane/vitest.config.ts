import { defineConfig } from 'vitest/config';

/** The lane that `npm run test:aws` runs: the AWS adapters against moto's server. */
export default defineConfig({
  test: { name: 'aws', include: ['test/aws-lane/**/*.test.ts'], testTimeout: 20_000, hookTimeout: 20_000 },
});
