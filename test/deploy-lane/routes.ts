import { operations } from '../../lib/apis/index.ts';
import { consumesOf, type Operation } from '../../lib/apis/operation/operation.ts';
import { ANY, apiDefinition } from '../../lib/constructs/api/api-definition.ts';
import { type Answer, type Call, formOf, seen } from './caller.ts';
import type { Said } from './look-behind.ts';

/** A method of the deployed API, and which function is to answer it. */
export interface Route {
  /** As a caller writes it; ANY stands for those that the path does not name. */
  name: string;
  method: string;
  path: string;
  answeredBy: string;
  operation: Operation | undefined;
}

/** What a route's function is to be told, beside what it cannot answer without. */
export interface Told {
  stage: string;
  origin?: string | undefined;
}

const FALLBACK = 'Fallback';
/** Of those that a path does not name, one is called. */
const OTHER_METHODS = ['PATCH', 'PUT', 'DELETE', 'POST'];
const UNKNOWN = '018f0000-0000-7000-8000-0000000000ff';

const pascal = (id: string): string => id.charAt(0).toUpperCase() + id.slice(1);

/** All routes of the API's document. */
export function allRoutes(): Route[] {
  const byName = new Map(operations.map((op) => [pascal(op.operationId), op]));
  const { paths } = apiDefinition({
    ...{ title: 'routes', operations, partition: 'aws', region: 'none', corsOrigins: [] },
    ...{ functionOf: ({ operationId }) => pascal(operationId), fallback: FALLBACK },
  });
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(
      ([
        method,
        {
          'x-amazon-apigateway-integration': { uri },
        },
      ]) => {
        const answeredBy = /functions\/(\w+)\//.exec(uri)?.[1] ?? '';
        const other = OTHER_METHODS.find((each) => !(each.toLowerCase() in methods)) ?? 'GET';
        const isAny = method === ANY;
        return {
          name: `${isAny ? 'ANY' : method.toUpperCase()} ${path}`,
          method: isAny ? other : method.toUpperCase(),
          ...{ path, answeredBy, operation: byName.get(answeredBy) },
        };
      },
    ),
  );
}

/** A path with names in it that exist as far as its caller is asked about them: the rest is refused as unknown. */
export const pathOf = ({ path }: Route, workspaceId: string): string =>
  path
    .replace(/\{(?:workspaceId|projectId)\}/, workspaceId)
    .replace('{proxy+}', 'nowhere/at/all')
    .replace(/\{(?:versionNo|no)\}/, '1')
    .replace(/\{\w+\}/g, UNKNOWN);

/** A request that gets past its parser, and makes nothing that matters. */
export function requestOf({ operation }: Route): Call {
  const consumed = operation === undefined ? 'nothing' : consumesOf(operation);
  if (consumed === 'nothing') return {};
  if (consumed === 'json') return { json: {} };
  return { form: formOf({}, { name: 'file.txt', content: new Uint8Array([120]) }) };
}

/**
 * What is wrong with how a route was answered.
 * @param requestId that was sent: the function that answered has written it.
 */
export function wrongWith(
  { answeredBy }: Route,
  requestId: string,
  answer: Answer,
  said: Said,
  told: Told,
): unknown[] {
  const isAbout = ({ requestId: other }: Line): boolean => other === requestId;
  const own = linesOf(said, answeredBy).filter(isAbout);
  const others = Object.keys(said).filter((name) => name !== answeredBy && linesOf(said, name).some(isAbout));
  const isRead = told.origin === undefined || answer.headers.get(ALLOWED_ORIGIN) === told.origin;
  return [
    ...(others.length === 0 ? [] : [`it was answered by ${others.join()}`]),
    ...(own.length > 0 ? [] : [`${answeredBy} has written nothing of it to its log`]),
    ...(answer.status < 500 ? [] : [...failuresIn(said[answeredBy] ?? []), seen(answer)]),
    ...(own.every(({ stage }) => stage === told.stage) ? [] : ['its log does not tell RUNPLANE_STAGE']),
    ...(answer.status >= 500 || isRead ? [] : ['RUNPLANE_CORS_ORIGINS does not let a page read its answer']),
  ];
}

const ALLOWED_ORIGIN = 'access-control-allow-origin';

type Line = Readonly<Record<string, unknown>>;

/** What a function has written about what it does, less what Lambda and Node add. */
export const linesOf = (said: Said, name: string): Line[] =>
  (said[name] ?? []).filter((line) => line.startsWith('{')).map((line) => JSON.parse(line) as Line);

/** The first lines of a log that tell of a failure. */
export const failuresIn = (lines: readonly string[]): string[] =>
  lines
    .filter((line) => /"level":"ERROR"|AccessDenied|Error:/.test(line))
    .map((line) => line.slice(0, 300))
    .slice(0, 2);
