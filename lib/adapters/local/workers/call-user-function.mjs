// JavaScript, because a worker thread of Node 20 reads no TypeScript.
import { randomUUID } from 'node:crypto';

/** As long as Lambda gives a function at most. */
const FUNCTION_MILLISECONDS = 900_000;

/**
 * Calls a user's function in a worker thread, as Lambda calls one: with the payload and a context, in an
 * environment whose SDK finds the platform's own Step Functions.
 * @param {{ module: string, name: string, payload: unknown, environment: Record<string, string> }} asked
 */
export default async function call({ module, name, payload, environment }) {
  Object.assign(process.env, environment);
  process.env.AWS_REGION ??= 'local';
  // Whoever is signed in goes on as they are; the platform looks at no signature.
  if (process.env.AWS_ACCESS_KEY_ID === undefined && process.env.AWS_PROFILE === undefined)
    Object.assign(process.env, { AWS_ACCESS_KEY_ID: 'local', AWS_SECRET_ACCESS_KEY: 'local' });
  const handler = handlerIn(await import(module));
  if (handler === undefined)
    throw new TypeError(`The function ${name} exports neither handler nor task nor a default function.`);
  const end = Date.now() + FUNCTION_MILLISECONDS;
  return await handler(payload, {
    functionName: name,
    awsRequestId: randomUUID(),
    getRemainingTimeInMillis: () => end - Date.now(),
  });
}

/**
 * Where a module is in CommonJS, all that it exports is its default.
 * @param {Record<string, unknown>} exported
 * @returns {Function | undefined}
 */
function handlerIn(exported) {
  const inside = typeof exported.default === 'object' ? exported.default : undefined;
  return [exported, inside]
    .flatMap((found) => [found?.handler, found?.task, found?.default])
    .find((found) => typeof found === 'function');
}
