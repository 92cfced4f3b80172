import type { FunctionCall } from '../workers/user-functions.ts';
import type { TaskHandler } from './execution-tasks.ts';
import type { StateOf } from './language/definition.ts';

/** `${OrderTotals}`, or what a definition that was exported from AWS has in its place. */
const FUNCTION = /^(?:\$\{(\w+)\}|arn:[\w-]+:lambda:[^:]*:\d*:function:([\w-]+)(?::[\w$-]+)?|([\w-]+))$/;
/** The optimized integration, which wraps what it sends and what it gets. */
const INVOKE = /^arn:[\w-]+:states:::lambda:invoke(?:\.waitForTaskToken)?$/;

export interface CalledFunction {
  /** In the spelling of the task, and in that of our files. */
  names: readonly string[];
  isWrapped: boolean;
}

/** Undefined for a task that calls no function, or one that only its input names. */
export function functionCalledBy({
  Resource,
  Parameters,
  Arguments,
}: StateOf<'Task'>): CalledFunction | undefined {
  const isWrapped = INVOKE.test(Resource);
  const { FunctionName } = Object(Parameters ?? Arguments ?? {}) as { FunctionName?: unknown };
  const [, placeholder, inArn, plain] = FUNCTION.exec(String(isWrapped ? FunctionName : Resource)) ?? [];
  const name = placeholder ?? inArn ?? plain;
  return name === undefined || (isWrapped && FunctionName === undefined)
    ? undefined
    : { names: [name, kebab(name)], isWrapped };
}

export function toInvoke(isWrapped: boolean, call: FunctionCall): TaskHandler {
  if (!isWrapped) return (payload, { signal }) => call(payload, signal);
  return async (payload, { signal }) => ({
    ExecutedVersion: '$LATEST',
    StatusCode: 200,
    Payload: await call((payload as { Payload?: unknown }).Payload ?? {}, signal),
  });
}

const kebab = (name: string): string =>
  name
    .replace(/(?<=[a-z0-9])[A-Z]/g, (letter) => `-${letter}`)
    .replaceAll('_', '-')
    .toLowerCase();
