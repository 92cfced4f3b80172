import httpJsonBodyParser from '@middy/http-json-body-parser';
import { isTooDeep } from '../../apis/operation/json-depth.ts';
import { consumesOf, type Operation } from '../../apis/operation/operation.ts';
import { invalid, Refused } from '../../apis/operation/refusal.ts';
import { lostIn } from '../../apis/operation/strict-json.ts';

const parser = httpJsonBodyParser();
/** The parser wants to be told; clients that forget the content type are served all the same. */
const headers = { 'content-type': 'application/json' };

/** In characters: enough for a batch of thousands of documents, too little to keep a function busy. */
export const MAX_JSON_LENGTH = 1_048_576;

/**
 * middy's JSON body parser for operations that take JSON. A request without a body is left to the
 * operation's schema, which knows whether one was needed.
 */
export function jsonBody<Event extends { body: unknown }>(
  operation: Pick<Operation, 'input' | 'form' | 'maxJsonLength'>,
) {
  const isJson = consumesOf(operation) === 'json';
  const { maxJsonLength = MAX_JSON_LENGTH } = operation;
  return {
    before: async (request: { event: Event }) => {
      const { body } = request.event;
      if (!isJson || body === undefined) return;
      if (typeof body === 'string' && body.length > maxJsonLength) throw tooLarge(maxJsonLength);
      if (typeof body === 'string' && isTooDeep(body)) throw malformedJson('JSON is nested too deeply');
      try {
        const parsed = { event: { headers, body: request.event.body } };
        await parser.before?.(parsed as never);
        request.event.body = parsed.event.body;
      } catch (cause) {
        throw malformedJson('JSON decode error', cause);
      }
      const lost = typeof body === 'string' ? lostIn(body) : undefined;
      if (lost !== undefined) throw invalid(lost, [{ message: lost, code: 'json_invalid' }]);
    },
  };
}

const tooLarge = (length: number): Refused =>
  new Refused({
    category: 'too_large',
    message: `A JSON body must not be longer than ${length} characters.`,
  });

function malformedJson(message: string, cause?: unknown): Refused {
  const issues = [{ message, code: 'json_invalid' }];
  return new Refused({ category: 'malformed_json', issues }, { cause });
}
