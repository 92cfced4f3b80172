import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import * as z from 'zod';
import { Complaint } from '../bin/commands/command.ts';
import { printable } from '../bin/commands/print.ts';
import { beforeDeploying } from '../bin/deploy/before-deploying.ts';
import { deployArguments } from '../bin/deploy/deploy-arguments.ts';
import { openAccount } from '../lib/adapters/aws/account.ts';

/**
 * `cdk deploy --all` with the arguments that it is given, once it is known that there are credentials, which
 * account and region they are for, and that it has room.
 */

// The SDK announces the end of its support for Node 20 at every start; `engines` says what works.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';

const CdkJson = z.object({ context: z.record(z.string(), z.unknown()).default({}) });

async function main(words: readonly string[]): Promise<number> {
  const given = deployArguments(words);
  if (given.isQuestion) return deploy(words, {});
  try {
    const { context } = CdkJson.parse(JSON.parse(await readFile('cdk.json', 'utf8')));
    const region = await beforeDeploying(given, context, {
      environment: process.env,
      complain: (text) => process.stderr.write(printable(text)),
      openAccount,
    });
    return await deploy(words, { AWS_REGION: region });
  } catch (error) {
    if (!(error instanceof Complaint)) throw error;
    process.stderr.write(`${printable(error.message)}\n`);
    return error.exitCode;
  }
}

/** @returns the exit code of the CDK, which asks its questions in this terminal. */
async function deploy(words: readonly string[], env: Record<string, string>): Promise<number> {
  const cdk = spawn(process.execPath, ['node_modules/aws-cdk/bin/cdk', 'deploy', '--all', ...words], {
    stdio: 'inherit',
    env: { ...process.env, ...env },
  });
  // Ctrl-C is for both, and the CDK says how it ends.
  process.on('SIGINT', () => undefined);
  process.once('SIGTERM', () => cdk.kill());
  const [code] = await once(cdk, 'exit');
  return typeof code === 'number' ? code : 1;
}

process.exitCode = await main(process.argv.slice(2));
