import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream, rmSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { delimiter, dirname, join, resolve } from 'node:path';
import { programOf, pythonPackages } from '../clients-lane/install.ts';
import { isInstalled, run } from '../clients-lane/run.ts';
import { freePort } from './free-port.ts';
import { nodeOfLambda } from './runtime/node-24.ts';

const CACHE = resolve('.cache/deploy');
const HERE = 'test/deploy-lane';
/** The account that failed last, whose logs are worth a look. */
const KEPT = join(CACHE, 'failed');
const PACKAGES = [
  ...['ministack==1.5.33', 'boto3==1.43.106', 'cryptography==46.0.3'],
  // Signs people in as pages do, by SRP.
  'pycognito==2024.5.1',
] as const;
/** A busy machine starts it in ten seconds. */
const START_MS = 120_000;

/** An account of nobody on this machine, with rights and TLS as AWS has them. */
export interface EmulatedAccount {
  /** Where logs and what is deployed are kept. */
  folder: string;
  endpoint: string;
  /** The program that functions run on, and the line that says which it is. */
  node: string;
  said: string;
  /** For programs that are to call it: the CDK, the SDKs, Node's own `fetch`. */
  environment: Record<string, string>;
  /** What `look.py` sees. */
  look(what: string, ...of: string[]): Promise<unknown>;
  /** Ends it. Its folder goes with it, or is kept: the answer is where. */
  stop(end: 'removed' | 'kept'): Promise<string>;
}

/** Answers why there can be no account here, else undefined. */
export async function installEmulator(): Promise<string | undefined> {
  if (!isInstalled('openssl', 'version')) return 'openssl is not installed';
  return await pythonPackages(CACHE, PACKAGES);
}

/** Starts an empty account. */
export async function openAccount(): Promise<EmulatedAccount> {
  await mkdir(CACHE, { recursive: true });
  const folder = await mkdtemp(join(CACHE, 'account-'));
  // What the emulator writes to run functions is no module, as files below this repository would be.
  await writeFile(join(folder, 'package.json'), '{"type":"commonjs"}');
  const certificate = await makeCertificate(folder);
  const { node, said } = nodeOfLambda(resolve('.cache/node-24'));
  const port = await freePort();
  const endpoint = `https://127.0.0.1:${port}`;
  const child = spawn(programOf(CACHE, 'python'), [resolve(HERE, 'emulator.py')], {
    cwd: folder,
    env: {
      ...ownEnvironment(),
      PATH: [dirname(node), process.env.PATH].join(delimiter),
      ...{ AUTH: 'true', USE_SSL: '1', BIND_HOST: '127.0.0.1', GATEWAY_PORT: String(port) },
      ...{
        MINISTACK_REGION: 'eu-west-1',
        MINISTACK_SSL_CERT: certificate,
        MINISTACK_SSL_KEY: join(folder, 'server.key'),
      },
      ...{ TMPDIR: folder, STATE_DIR: join(folder, 'state'), S3_DATA_DIR: join(folder, 's3') },
      ...{ AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test', AWS_MAX_ATTEMPTS: '1' },
      ...{
        NODE_OPTIONS: `--require ${resolve(HERE, 'runtime-shim.cjs')}`,
        IOT_MTLS_ENABLED: '0',
        SFTP_ENABLED: '0',
      },
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const log = createWriteStream(join(folder, 'emulator.log'));
  child.stdout.pipe(log, { end: false });
  child.stderr.pipe(log, { end: false });
  const kill = (): void => {
    child.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  };
  process.once('exit', kill);
  const environment = {
    // Keys of nobody: the emulator takes them for its root.
    ...{ AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test', AWS_EC2_METADATA_DISABLED: 'true' },
    ...{ AWS_REGION: 'eu-west-1', AWS_DEFAULT_REGION: 'eu-west-1', AWS_ENDPOINT_URL: endpoint },
    ...{ NODE_EXTRA_CA_CERTS: certificate, AWS_CA_BUNDLE: certificate, CDK_DISABLE_CLI_TELEMETRY: '1' },
    ...{ AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' },
  };
  const look: EmulatedAccount['look'] = async (...words) =>
    JSON.parse(
      await run(programOf(CACHE, 'python'), [join(HERE, 'look.py'), ...words], { env: environment }),
    );
  const stop: EmulatedAccount['stop'] = async (end) => {
    process.off('exit', kill);
    if (child.exitCode === null && child.signalCode === null) {
      child.kill('SIGTERM');
      await once(child, 'exit');
    }
    await rm(end === 'removed' ? folder : KEPT, { recursive: true, force: true });
    if (end === 'kept') await rename(folder, KEPT);
    return end === 'removed' ? folder : KEPT;
  };
  const ended = once(child, 'exit').then(() => {
    throw new Error('it has ended by itself');
  });
  try {
    await Promise.race([ended, answers(look)]);
  } catch (cause) {
    const kept = await stop('kept');
    throw new Error(`The emulator did not start: see ${join(kept, 'emulator.log')}`, { cause });
  }
  ended.catch(() => undefined); // From here on its end is wanted.
  return { folder, endpoint, node, said, environment, look, stop };
}

/** It answers to anybody from when it has bound its port; until then calls are refused. */
async function answers(look: EmulatedAccount['look']): Promise<void> {
  const end = Date.now() + START_MS;
  for (;;) {
    try {
      await look('is-up');
      return;
    } catch (error) {
      if (Date.now() > end) throw error;
    }
  }
}

/**
 * Certificates of the machine would win over the account's own; and the emulator hands its environment on to functions,
 * where a variable of ours would stand for one that they are not given.
 */
function ownEnvironment(): NodeJS.ProcessEnv {
  const {
    AWS_ENDPOINT_URL,
    NODE_EXTRA_CA_CERTS,
    AWS_CA_BUNDLE,
    SSL_CERT_FILE,
    REQUESTS_CA_BUNDLE,
    ...others
  } = process.env;
  return Object.fromEntries(Object.entries(others).filter(([name]) => !name.startsWith('RUNPLANE_')));
}

async function makeCertificate(folder: string): Promise<string> {
  const certificate = join(folder, 'server.crt');
  const names = 'subjectAltName=DNS:localhost,IP:127.0.0.1';
  const key = ['-newkey', 'rsa:2048', '-nodes', '-keyout', join(folder, 'server.key')];
  const about = ['-days', '2', '-subj', '/CN=deploy-lane', '-addext', 'basicConstraints=critical,CA:FALSE'];
  await run('openssl', ['req', '-x509', ...key, '-out', certificate, ...about, '-addext', names]);
  return certificate;
}
