import { evaluateIntrinsic, isIntrinsic } from './intrinsics.ts';
import { isObject } from './json.ts';
import { type Roots, resolve } from './paths.ts';

/**
 * What stands behind a member whose name ends in `.$`: a path, or a call of an intrinsic function. For a path
 * that leads nowhere the specification has States.ParameterPathFailure, and Step Functions says States.Runtime,
 * which nothing catches.
 */
export const evaluate = (expression: string, roots: Roots): unknown =>
  isIntrinsic(expression) ? evaluateIntrinsic(expression, roots) : resolve(expression, roots);

/**
 * A payload template with its paths and calls replaced by what they stand for.
 * https://states-language.net/spec.html#payload-template
 * @throws StatesError States.Runtime, States.IntrinsicFailure
 */
export function fill(template: unknown, roots: Roots): unknown {
  if (Array.isArray(template)) return template.map((item) => fill(item, roots));
  if (!isObject(template)) return template;
  return Object.fromEntries(
    Object.entries(template).map(([name, value]) =>
      name.endsWith('.$') && typeof value === 'string'
        ? [name.slice(0, -2), evaluate(value, roots)]
        : [name, fill(value, roots)],
    ),
  );
}
