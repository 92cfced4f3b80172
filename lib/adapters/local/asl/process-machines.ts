import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { FunctionSource } from '../workers/user-functions.ts';
import type { LocalMachine } from './asl-executor.ts';
import type { TaskHandler } from './execution-tasks.ts';
import { readMachine, type StateOf, statesOf } from './language/definition.ts';
import { type Mocks, mockedTask, readMocks } from './mocks.ts';
import { LOCAL_ACCOUNT, LOCAL_REGION } from './status-change-event.ts';
import { functionCalledBy, toInvoke } from './task-functions.ts';

/** How a machine in a file is registered: `arn:aws:states:local:000000000000:stateMachine:<file name>`. */
export const localMachineArn = (name: string): string =>
  `arn:aws:states:${LOCAL_REGION}:${LOCAL_ACCOUNT}:stateMachine:${name}`;

/** Why a workflow cannot run here; a sentence for whoever wrote it. */
export class CannotRunHere extends Error {
  override readonly name = 'CannotRunHere';
}

export interface ProcessMachinesOptions {
  /** Of workflows. Looked through in this order, as are the functions that tasks may call. */
  folders: readonly string[];
  functions: readonly FunctionSource[];
  /** Where a user puts functions of their own; undefined where there is no such place. */
  functionsFolder?: string | undefined;
}

const NAME = /^[\w.-]{1,80}$/;

/**
 * Finds workflows by name: a file that was dropped into one of the folders, read anew for every execution with
 * its mocks and functions, so that what was just saved is what runs.
 */
export function processMachines(options: ProcessMachinesOptions) {
  return async (name: string): Promise<LocalMachine> => {
    const { folder, definition } = await readDefinition(options.folders, name);
    const tasks = statesOf(readMachine(definition)).flatMap(([state, found]) =>
      found.Type === 'Task' ? [[state, found] as const] : [],
    );
    const mocksFile = join(folder, `${name}.mocks.json`);
    const mocks = await readMocksOf(mocksFile, new Set(tasks.map(([state]) => state)));
    const handlers = tasks.map(async ([state, task]) => {
      const answers = mocks.get(state);
      const handler = answers === undefined ? await callOf(task, options) : mockedTask(answers);
      if (handler === undefined) throw new CannotRunHere(adviceOn(state, task, mocksFile, options));
      return [state, handler] as const;
    });
    return {
      definition,
      tasks: Object.fromEntries(await Promise.all(handlers)),
      mocked: new Set(mocks.keys()),
    };
  };
}

async function readDefinition(
  folders: readonly string[],
  name: string,
): Promise<{ folder: string; definition: object }> {
  for (const folder of NAME.test(name) ? folders : [])
    for (const file of [join(folder, `${name}.asl.json`), join(folder, `${name}.json`)]) {
      const parsed = await parseIfThere(file);
      if (parsed === undefined) continue;
      saying(`${file} cannot run here.`, () => readMachine(parsed.content));
      return { folder, definition: Object(parsed.content) as object };
    }
  throw new CannotRunHere(`There is no workflow ${name}.asl.json in ${folders.join(' or ')}.`);
}

async function readMocksOf(file: string, tasks: ReadonlySet<string>): Promise<Mocks> {
  const parsed = await parseIfThere(file);
  if (parsed === undefined) return new Map();
  return saying(`${file} cannot be used.`, () => readMocks(parsed.content, tasks));
}

async function parseIfThere(file: string): Promise<{ content: unknown } | undefined> {
  const text = await readIfThere(file);
  if (text === undefined) return undefined;
  return saying(`${file} is not JSON:`, () => ({ content: JSON.parse(text) as unknown }));
}

function saying<Result>(what: string, read: () => Result): Result {
  try {
    return read();
  } catch (error) {
    throw new CannotRunHere(`${what} ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    });
  }
}

async function readIfThere(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

async function callOf(
  task: StateOf<'Task'>,
  { functions }: ProcessMachinesOptions,
): Promise<TaskHandler | undefined> {
  const called = functionCalledBy(task);
  for (const source of called === undefined ? [] : functions) {
    const call = await source.find(called?.names ?? []);
    if (call !== undefined) return toInvoke(called?.isWrapped === true, call);
  }
  return undefined;
}

/** What to do about a task that nobody does here. */
function adviceOn(
  state: string,
  task: StateOf<'Task'>,
  mocksFile: string,
  { functionsFolder }: ProcessMachinesOptions,
): string {
  const called = functionCalledBy(task);
  const what = called === undefined ? task.Resource : `the function ${called.names[0]}`;
  const [name] = called?.names.slice(-1) ?? [];
  const place =
    functionsFolder === undefined
      ? 'start the platform with --processes and a folder, and put it into its functions'
      : `make ${join(functionsFolder, `${name}.mjs`)}, which exports it as handler`;
  const mock = `${mocksFile} may say what comes of it: {"${state}": {"0": {"Return": {}}}}`;
  return called === undefined
    ? `The state '${state}' asks for ${what}, which is not on this machine. ${capital(mock)}.`
    : `The state '${state}' calls ${what}, which is not there. To have it, ${place}; or ${mock}.`;
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
