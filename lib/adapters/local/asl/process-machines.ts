import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { LocalMachine } from './asl-executor.ts';
import type { TaskHandler } from './execution-tasks.ts';
import { readMachine, type StateOf, statesOf } from './language/definition.ts';
import { LOCAL_ACCOUNT, LOCAL_REGION } from './status-change-event.ts';

/** How a machine in a file is registered: `arn:aws:states:local:000000000000:stateMachine:<file name>`. */
export const localMachineArn = (name: string): string =>
  `arn:aws:states:${LOCAL_REGION}:${LOCAL_ACCOUNT}:stateMachine:${name}`;

/** Why a workflow cannot run here; a sentence for whoever wrote it. */
export class CannotRunHere extends Error {
  override readonly name = 'CannotRunHere';
}

export interface ProcessMachinesOptions {
  /** Looked through in this order. */
  folders: readonly string[];
  /** Functions that a task may call, in the spelling of their files. */
  functions: ReadonlySet<string>;
  call(functionName: string, payload: unknown, signal: AbortSignal): Promise<unknown>;
}

const NAME = /^[\w.-]{1,80}$/;

/**
 * Finds workflows by name: a file that was dropped into one of the folders, read anew for every execution,
 * so that what was just saved is what runs.
 */
export function processMachines(options: ProcessMachinesOptions) {
  return async (name: string): Promise<LocalMachine> => {
    const definition = await readDefinition(options.folders, name);
    const tasks = statesOf(readMachine(definition)).flatMap(([state, found]): [string, TaskHandler][] =>
      found.Type === 'Task' ? [[state, handlerOf(state, found, options)]] : [],
    );
    return { definition, tasks: Object.fromEntries(tasks) };
  };
}

async function readDefinition(folders: readonly string[], name: string): Promise<object> {
  const files = NAME.test(name)
    ? folders.flatMap((folder) => [join(folder, `${name}.asl.json`), join(folder, `${name}.json`)])
    : [];
  for (const file of files) {
    const text = await readIfThere(file);
    if (text === undefined) continue;
    return parseDefinition(file, text);
  }
  throw new CannotRunHere(`There is no workflow ${name}.asl.json in ${folders.join(' or ')}.`);
}

function parseDefinition(file: string, text: string): object {
  const refused = (why: string, cause: unknown): CannotRunHere =>
    new CannotRunHere(`${file} ${why}`, { cause });
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (error) {
    throw refused(`is not JSON: ${sentenceOf(error)}`, error);
  }
  try {
    readMachine(parsed);
  } catch (error) {
    throw refused(`cannot run here. ${sentenceOf(error)}`, error);
  }
  return Object(parsed) as object;
}

const sentenceOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

async function readIfThere(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

/** `${OrderTotals}`, or what a definition that was exported from AWS has in its place. */
const FUNCTION = /^(?:\$\{(\w+)\}|arn:[\w-]+:lambda:[^:]*:\d*:function:([\w-]+)(?::[\w$-]+)?|([\w-]+))$/;
/** The optimized integration, which wraps what it sends and what it gets. */
const INVOKE = /^arn:[\w-]+:states:::lambda:invoke$/;

function handlerOf(
  state: string,
  task: StateOf<'Task'>,
  { functions, call }: ProcessMachinesOptions,
): TaskHandler {
  const wraps = INVOKE.test(String(task.Resource));
  const parameters = (task.Parameters ?? task.Arguments ?? {}) as { FunctionName?: unknown };
  const named = String(wraps ? parameters.FunctionName : task.Resource);
  const [, placeholder, inArn, plain] = FUNCTION.exec(named) ?? [];
  const name = kebab(placeholder ?? inArn ?? plain ?? '');
  if (!functions.has(name)) {
    throw new CannotRunHere(
      `The state '${state}' calls ${named}. Here tasks call one of ${[...functions].sort().join(', ')}.`,
    );
  }
  if (!wraps) return (payload, { signal }) => call(name, payload, signal);
  return async (payload, { signal }) => ({
    ExecutedVersion: '$LATEST',
    StatusCode: 200,
    Payload: await call(name, (payload as { Payload?: unknown }).Payload ?? {}, signal),
  });
}

const kebab = (name: string): string =>
  name
    .replace(/(?<=[a-z0-9])[A-Z]/g, (letter) => `-${letter}`)
    .replaceAll('_', '-')
    .toLowerCase();
