import { randomUUID } from 'node:crypto';
import jsonata from 'jsonata';
import { StatesError } from './failure.ts';
import { hash, partition, random, range } from './intrinsics.ts';
import { isObject, type JsonObject } from './json.ts';
import type { Scope } from './scope.ts';

/** What `$states` holds. */
export interface StatesVariable {
  input: unknown;
  context: JsonObject;
  result?: unknown;
  errorOutput?: unknown;
}

const EXPRESSION = /^\{%([\s\S]*)%\}$/;

/** Functions that Step Functions adds to JSONata's, or has in place of them. */
const FUNCTIONS: Record<string, Parameters<jsonata.Expression['registerFunction']>[1]> = {
  partition,
  range,
  hash,
  random,
  uuid: () => randomUUID(),
  parse: (text: string) => JSON.parse(text) as unknown,
  eval: () => {
    throw new Error('$eval is not supported by Step Functions: use $parse');
  },
};

/** An expression that goes round in a circle would hold up the whole platform. */
const GUARDS = { timeout: 5_000, stack: 1_000 };

/** How many expressions are kept compiled. A workflow has some dozens. */
const KEPT = 500;
const compiled = new Map<string, jsonata.Expression>();

function compile(source: string): jsonata.Expression {
  const known = compiled.get(source);
  if (known !== undefined) return known;
  const expression = jsonata(source, GUARDS);
  for (const [name, call] of Object.entries(FUNCTIONS)) expression.registerFunction(name, call);
  if (compiled.size >= KEPT) compiled.clear();
  compiled.set(source, expression);
  return expression;
}

/**
 * A value of a JSONata state with every `{% … %}` in it replaced by what it stands for.
 * https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html
 * @throws StatesError States.QueryEvaluationError, naming the field
 */
export async function evaluateAll(
  value: unknown,
  field: string,
  states: StatesVariable,
  scope: Scope,
): Promise<unknown> {
  if (Array.isArray(value))
    return await Promise.all(value.map((item, no) => evaluateAll(item, `${field}[${no}]`, states, scope)));
  if (isObject(value)) {
    const members = Object.entries(value).map(async ([name, member]) => [
      name,
      await evaluateAll(member, `${field}/${name}`, states, scope),
    ]);
    return Object.fromEntries(await Promise.all(members));
  }
  const [, source] = (typeof value === 'string' && EXPRESSION.exec(value)) || [];
  return source === undefined ? value : await evaluateOne(source, field, states, scope);
}

async function evaluateOne(
  source: string,
  field: string,
  states: StatesVariable,
  scope: Scope,
): Promise<unknown> {
  const refused = (why: string, cause?: unknown): StatesError =>
    new StatesError(
      'States.QueryEvaluationError',
      `The JSONata expression '${source.trim()}' specified for the field '${field}' ${why}`,
      { cause },
    );
  let found: unknown;
  try {
    found = await compile(source).evaluate(undefined, { ...scope.all(), states });
  } catch (error) {
    // JSONata throws objects that are no errors.
    const { message } = Object(error) as { message?: unknown };
    const reason = error instanceof StatesError ? error.reason : message;
    throw refused(`threw an error during evaluation. ${String(reason ?? error)}`, error);
  }
  if (found === undefined) throw refused('returned nothing (undefined).');
  if (typeof found === 'function' || (isObject(found) && '_jsonata_lambda' in found))
    throw refused('returned a function, which is no JSON.');
  return JSON.parse(JSON.stringify(found)) as unknown;
}
