import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { findChromium } from '../test/browser/chromium.ts';

/** The third lane of tests: pages in Chromium, the documentation's driven as a person would use it. */
const chromium = findChromium();
if (chromium === undefined) {
  process.stdout.write(
    'test:browser skipped: Chromium is not installed (Debian: apt-get install chromium), or CHROMIUM_PATH does not name it\n',
  );
} else {
  const lane = ['node_modules/vitest/vitest.mjs', 'run', '--config', 'test/browser/vitest.config.ts'];
  const vitest = spawn(process.execPath, lane, {
    stdio: 'inherit',
    env: { ...process.env, CHROMIUM_PATH: chromium },
  });
  const [code] = await once(vitest, 'exit');
  process.exitCode = code ?? 1;
}
