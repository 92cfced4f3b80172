import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { ListStateMachinesCommand, SFNClient } from '@aws-sdk/client-sfn';
import { programOf, pythonPackages } from '../../clients-lane/install.ts';
import { freePort } from '../free-port.ts';

/** Beside the packages of `test:deploy`, which have pins of their own. */
const CACHE = resolve('.cache/workflows');
const PACKAGES = ['ministack==1.5.33'] as const;
const START_MS = 120_000;

/** Answers why there can be no emulator here, else undefined. */
export const installStepFunctions = (): Promise<string | undefined> => pythonPackages(CACHE, PACKAGES);

/** An emulated Step Functions of its own, whose waits are short; `stop` leaves nothing behind. */
export async function openStepFunctions(): Promise<{ client: SFNClient; stop(): Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'runplane-states-'));
  const port = await freePort();
  const child = spawn(programOf(CACHE, 'ministack'), [], {
    cwd: folder,
    env: {
      ...process.env,
      ...{ BIND_HOST: '127.0.0.1', GATEWAY_PORT: String(port), MINISTACK_REGION: 'eu-west-1' },
      ...{ TMPDIR: folder, STATE_DIR: join(folder, 'state'), S3_DATA_DIR: join(folder, 's3') },
      ...{ AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' },
      ...{ SFN_WAIT_SCALE: '0.05', IOT_MTLS_ENABLED: '0', SFTP_ENABLED: '0' },
    },
    stdio: 'ignore',
  });
  const client = new SFNClient({
    ...{ endpoint: `http://127.0.0.1:${port}`, region: 'eu-west-1', maxAttempts: 1 },
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });
  const stop = async (): Promise<void> => {
    client.destroy();
    if (child.exitCode === null && child.signalCode === null) {
      child.kill('SIGTERM');
      await once(child, 'exit');
    }
    await rm(folder, { recursive: true, force: true });
  };
  try {
    const ended = once(child, 'exit').then(() => {
      throw new Error('The emulator ended before it answered.');
    });
    await Promise.race([ended, answers(client)]);
    ended.catch(() => undefined); // From here on its end is wanted.
    return { client, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Calls are refused until it has bound its port. */
async function answers(client: SFNClient): Promise<void> {
  const end = Date.now() + START_MS;
  for (;;) {
    try {
      await client.send(new ListStateMachinesCommand({}));
      return;
    } catch (error) {
      if (Date.now() > end) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}
