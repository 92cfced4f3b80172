import { JSONPath } from 'jsonpath-plus';
import { StatesError } from './failure.ts';
import { isObject, type JsonObject } from './json.ts';
import type { Scope } from './scope.ts';

/** What paths begin at: `$` the data, `$$` the context object, `$name` a variable. */
export interface Roots {
  data: unknown;
  context: JsonObject;
  scope: Scope;
}

const HEAD = /^\$(?:(\$)|([\p{L}\p{Nl}_][\p{L}\p{Nl}\p{Mn}\p{Mc}\p{Nd}\p{Pc}]*))?/u;
const STEP = /\.([^\s.[\]()*?@$'"]+)|\[(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)"|(-?\d+))\]/y;

/** The steps of a path that leads to one place; undefined for one that may lead to several, or none. */
function stepsOf(path: string): (string | number)[] | undefined {
  const steps: (string | number)[] = [];
  STEP.lastIndex = 0;
  while (STEP.lastIndex < path.length) {
    const step = STEP.exec(path);
    if (step === null) return undefined;
    const [, name, single, double, index] = step;
    const quoted = single ?? double;
    steps.push(index === undefined ? (name ?? (quoted ?? '').replace(/\\(.)/g, '$1')) : Number(index));
  }
  return steps;
}

const stepInto = (value: unknown, step: string | number): unknown => {
  if (typeof step === 'number') return Array.isArray(value) ? value.at(step) : undefined;
  return isObject(value) && Object.hasOwn(value, step) ? value[step] : undefined;
};

/**
 * What a path leads to, undefined for nothing. One that may lead to several places (`..`, `*`, slices,
 * filters) gives an array, as Jayway's JSONPath does, which Step Functions uses.
 * @throws StatesError States.Runtime for what is no path.
 */
export function look(path: string, roots: Roots): unknown {
  const [head, isContext, variable] = HEAD.exec(path) ?? [];
  if (head === undefined) throw new StatesError('States.Runtime', `'${path}' is no JSONPath.`);
  const root =
    isContext !== undefined
      ? roots.context
      : variable === undefined
        ? roots.data
        : roots.scope.read(variable);
  const rest = path.slice(head.length);
  const steps = stepsOf(rest);
  if (steps !== undefined) return steps.reduce(stepInto, root);
  try {
    // `safe` reads filters with a parser of its own: no text of a definition is run as code.
    const found: unknown = JSONPath({ path: `$${rest}`, json: root as object, wrap: true, eval: 'safe' });
    return found ?? [];
  } catch (error) {
    throw new StatesError('States.Runtime', `'${path}' is no JSONPath.`, { cause: error });
  }
}

/** @throws StatesError `error` for a path that leads nowhere. */
export function resolve(path: string, roots: Roots, error = 'States.Runtime'): unknown {
  const found = look(path, roots);
  if (found === undefined) {
    const given = JSON.stringify(roots.data) ?? 'null';
    throw new StatesError(
      error,
      `The JSONPath '${path}' could not be found in the input '${given.slice(0, 500)}'`,
    );
  }
  return found;
}

/**
 * The data with a value put where a reference path says; members on the way are made.
 * @throws StatesError States.ResultPathMatchFailure where something that is no object stands in the way.
 */
export function place(path: string, data: unknown, value: unknown): unknown {
  const steps = path.startsWith('$') ? stepsOf(path.slice(1)) : undefined;
  if (steps === undefined) throw new StatesError('States.Runtime', `'${path}' is no reference path.`);
  const refused = (): StatesError =>
    new StatesError('States.ResultPathMatchFailure', `The result cannot be put at '${path}' of the input.`);
  const put = (into: unknown, [step, ...others]: (string | number)[]): unknown => {
    if (step === undefined) return value;
    if (typeof step === 'number') {
      if (!Array.isArray(into) || step < 0 || step >= into.length) throw refused();
      return into.with(step, put(into[step], others));
    }
    if (!isObject(into)) throw refused();
    return { ...into, [step]: put(Object.hasOwn(into, step) ? into[step] : {}, others) };
  };
  return put(data, steps);
}
