import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import { type Operation, pathsOf } from '../../apis/operation/operation.ts';
import { problemDetails as plain } from '../../apis/operation/problem-details.ts';
import type { Refusal } from '../../apis/operation/refusal.ts';
import type { Platform } from '../../apis/platform.ts';
import { withCors } from './cors.ts';
import { byPrecedence, isSamePlace, matchTemplate, templateOf } from './path-templates.ts';
import { type Reply, toResult } from './reply.ts';
import { type HttpRequest, toRequest } from './request.ts';

/** The operations of a path, whatever their methods: those of the template that goes before all others. */
export function operationsAt(operations: readonly Operation[]): (path: string) => Operation[] {
  const places = operations
    .flatMap((operation) => pathsOf(operation).map((path) => ({ operation, template: templateOf(path) })))
    .sort((a, b) => byPrecedence(a.template, b.template));
  return (path) => {
    const place = places.find(({ template }) => matchTemplate(template, path) !== undefined)?.template;
    if (place === undefined) return [];
    return places.filter(({ template }) => isSamePlace(template, place)).map(({ operation }) => operation);
  };
}

/** A reply with what every answer has, whoever gives it. */
export const asAnswer = (
  reply: Reply,
  request: HttpRequest,
  { corsOrigins }: Pick<Platform, 'corsOrigins'>,
): APIGatewayProxyResult => {
  const headers = { ...reply.headers, 'x-request-id': request.requestId };
  return toResult({ ...reply, headers: withCors(headers, corsOrigins, request) });
};

/** Refuses requests that reach no function, in the words of the API that they were meant for. */
export function refuser(operations: readonly Operation[], platform: () => Pick<Platform, 'corsOrigins'>) {
  const at = operationsAt(operations);
  return (event: APIGatewayProxyEvent, refusal: Refusal): APIGatewayProxyResult => {
    const request = toRequest(event);
    const { dialect = plain } = at(request.path)[0] ?? {};
    return asAnswer(dialect.refuse(refusal, request), request, platform());
  };
}
