import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { validateDescription } from '../test/aws-lane/description.ts';
import { startMoto } from '../test/aws-lane/moto.ts';
import { preparePython } from '../test/aws-lane/python.ts';
import { lintTemplates } from '../test/aws-lane/templates.ts';

/**
 * The second lane of tests: the S3 and Step Functions adapters against moto, an independent implementation
 * of both, the description of the API against OpenAPI's own schema, and the synthesized templates through
 * cfn-lint.
 */
async function main(): Promise<number> {
  const missing = preparePython();
  if (missing !== undefined) {
    process.stdout.write(`test:aws skipped: ${missing}\n`);
    return 0;
  }
  if (!(await adaptersPass()) || !validateDescription()) return 1;
  if (existsSync('cdk.json')) return lintTemplates() ? 0 : 1;
  process.stdout.write('cfn-lint skipped: there is no cdk.json to synthesize\n');
  return 0;
}

async function adaptersPass(): Promise<boolean> {
  const moto = await startMoto();
  try {
    const lane = ['node_modules/vitest/vitest.mjs', 'run', '--config', 'test/aws-lane/vitest.config.ts'];
    const vitest = spawn(process.execPath, lane, {
      stdio: 'inherit',
      env: { ...process.env, MOTO_ENDPOINT: moto.endpoint },
    });
    process.once('exit', () => vitest.kill());
    const [code] = await once(vitest, 'exit');
    return code === 0;
  } finally {
    await moto.stop();
  }
}

// An interrupted lane leaves nothing behind: what it started is killed as this process exits.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));
process.exitCode = await main();
