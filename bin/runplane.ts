#!/usr/bin/env tsx
import { parseArgs } from 'node:util';
import {
  createAgent,
  createVersion,
  deployAgent,
  listAgents,
  rollBackAgent,
  setProvider,
} from './commands/agent.ts';
import { type Command, Complaint, OPTIONS } from './commands/command.ts';
import { listProcesses, registerProcess } from './commands/process.ts';
import { firstWorkspace } from './commands/workspace.ts';

/**
 * The operator's command line: what it does goes through the API, here or on AWS, but for a deployment's
 * first workspace.
 * Exit codes: 0 done, 1 the platform said no or could not be reached, 2 the command was not understood.
 */
const COMMANDS: Record<string, Command> = {
  'workspace create': firstWorkspace,
  'process register': registerProcess,
  'process list': listProcesses,
  'agent create': createAgent,
  'agent list': listAgents,
  'agent version': createVersion,
  'agent deploy': deployAgent,
  'agent rollback': rollBackAgent,
  'provider set': setProvider,
};

// The SDK announces the end of its support for Node 20 at every start; `engines` says what works.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';

const [first = '', second = '', ...rest] = process.argv.slice(2);
const command = COMMANDS[`${first} ${second}`];

try {
  if (command === undefined) usage(first === '' || first === 'help' || first === '--help' ? 0 : 2);
  else await run(command);
} catch (error) {
  const isComplaint = error instanceof Complaint;
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = isComplaint ? error.exitCode : 1;
}

async function run({ options, act, usage: how }: Command): Promise<void> {
  const { values } = parse(options, how);
  const { result, sentence } = await act(values);
  process.stdout.write(values.json === true ? `${JSON.stringify(result)}\n` : `${sentence}\n`);
}

function parse(options: Command['options'], how: string) {
  try {
    return parseArgs({ args: rest, options: { ...OPTIONS, ...options }, strict: true });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Complaint(`${reason.replace(/\.$/, '')}. Usage: runplane ${how}`, 2);
  }
}

function usage(exitCode: number): void {
  const lines = Object.values(COMMANDS).map(({ usage: how }) => `  runplane ${how}`);
  const shared = [
    '  --url <address>  --key <API key>   instead of BASE_URL and API_KEY, or of what the local platform wrote',
    '  --json                             the answer as JSON',
  ];
  const text = `Commands:\n${lines.join('\n')}\n\nOptions of all of them:\n${shared.join('\n')}\n`;
  (exitCode === 0 ? process.stdout : process.stderr).write(text);
  process.exitCode = exitCode;
}
