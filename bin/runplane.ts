#!/usr/bin/env tsx
import type { Terminal } from './commands/command.ts';
import { runLine } from './commands/line.ts';

/**
 * The operator's command line: what it does goes through the API, here or on AWS, but for a deployment's
 * first workspace.
 * Exit codes: 0 done, 1 the platform said no or could not be reached, 2 the command was not understood.
 */

// The SDK announces the end of its support for Node 20 at every start; `engines` says what works.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';

// A reader such as `head` that has seen enough ends the program quietly.
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));

const terminal: Terminal = {
  environment: process.env,
  isInteractive: process.stdout.isTTY === true,
  write: (text) => process.stdout.write(text),
  complain: (text) => process.stderr.write(text),
  interruption: () => {
    const interrupted = new AbortController();
    process.once('SIGINT', () => interrupted.abort());
    return interrupted.signal;
  },
  // The SDK takes longer to load than most commands take, and few of them need it.
  openAccount: async (choice) => (await import('../lib/adapters/aws/account.ts')).openAccount(choice),
};

process.exitCode = await runLine(process.argv.slice(2), terminal);
