import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { programOf } from './python.ts';

export interface Moto {
  endpoint: string;
  stop(): Promise<void>;
}

const START_MS = 60_000;
const STOP_MS = 5000;

/** Starts moto's server on a free port of 127.0.0.1; it really runs the state machines that it is given. */
export async function startMoto(): Promise<Moto> {
  const child = spawn(programOf('moto_server'), ['-H', '127.0.0.1', '-p', '0'], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const kill = () => child.kill('SIGKILL');
  process.once('exit', kill);
  const stop = async () => {
    process.off('exit', kill);
    await end(child);
  };
  try {
    const endpoint = await endpointOf(child);
    const answer = await fetch(`${endpoint}/moto-api/config`, {
      method: 'POST',
      body: JSON.stringify({ stepfunctions: { execute_state_machine: true } }),
    });
    if (!answer.ok) throw new Error(`moto refused its configuration with ${answer.status}`);
    return { endpoint, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** The server says on standard error where it listens, and then one line for every request. */
async function endpointOf(child: ChildProcess): Promise<string> {
  if (child.stderr === null) throw new TypeError('moto was started without a pipe');
  const timer = setTimeout(() => child.kill('SIGKILL'), START_MS);
  const said: string[] = [];
  try {
    const lines = createInterface({ input: child.stderr });
    return await new Promise((resolve, reject) => {
      child.once('error', reject);
      lines.once('close', () => reject(new Error(`moto did not start: ${said.join('\n')}`)));
      lines.on('line', (line) => {
        const endpoint = /http:\/\/127\.0\.0\.1:\d+/.exec(line)?.[0];
        if (endpoint !== undefined) resolve(endpoint);
        else if (said.length < 20) said.push(line);
      });
    });
  } finally {
    clearTimeout(timer);
  }
}

async function end(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill();
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
  await exited;
  clearTimeout(timer);
}
