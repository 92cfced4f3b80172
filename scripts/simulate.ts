import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { bundleSimulator } from '../test/simulator/bundle.ts';
import { PLANTS } from '../test/simulator/plants.ts';
import { type Options, wantedOf } from '../test/simulator/wanted.ts';

/** Plays what was asked for, and answers with the code that it ended with. */
async function play(options: Options): Promise<number> {
  const file = await bundleSimulator(`simulate-${process.pid}`);
  const child = spawn(process.execPath, [file, JSON.stringify(options)], {
    stdio: 'inherit',
    // The SDK announces the end of its support for Node 20; `engines` says what works here.
    env: { ...process.env, AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' },
  });
  const [code] = await once(child, 'close');
  await rm(file);
  return code ?? 1;
}

const wanted = wantedOf(process.argv.slice(2), Object.keys(PLANTS));
if ('code' in wanted) {
  process.stdout.write(wanted.stdout);
  process.stderr.write(wanted.stderr);
  process.exitCode = wanted.code;
} else process.exitCode = await play(wanted);
