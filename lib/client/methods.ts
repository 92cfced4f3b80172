import { call, type OperationId, reading } from './calls.ts';
import type { Connection } from './connection.ts';
import { paged } from './paging.ts';
import type { Input, OperationEntry, RequestOptions, StreamedAnswer } from './shapes.ts';
import { OPERATIONS } from './types.ts';

type Method = (...given: unknown[]) => unknown;

/**
 * The methods of one API, from the table: first what the path names and `bound` does not, then what the
 * operation takes besides, then options.
 */
export function methodsOf(
  connection: Connection,
  api: string,
  bound: Record<string, string> = {},
): Record<string, Method> {
  const ids = Object.keys(OPERATIONS) as OperationId[];
  return Object.fromEntries(
    ids.filter((id) => OPERATIONS[id].api === api).map((id) => [id, methodOf(connection, id, bound)]),
  );
}

function methodOf(connection: Connection, id: OperationId, bound: Record<string, string>): Method {
  const entry = OPERATIONS[id];
  const { named, takes } = entry;
  return (...given) => {
    const path = { ...bound, ...Object.fromEntries(named.map((name, at) => [name, given[at]])) };
    const parts = Object.fromEntries(takes.map((part, at) => [part, given[named.length + at]]));
    const options = given[named.length + takes.length] as RequestOptions | undefined;
    return answerTo(connection, id, { path, ...parts } as Input, options);
  };
}

/** What a method gives: a promise, a list, or an answer to be streamed. */
export function answerTo(
  connection: Connection,
  id: OperationId,
  input: Input,
  options: RequestOptions | undefined,
): unknown {
  const entry: OperationEntry = OPERATIONS[id];
  const get = (asked: Input) => call<unknown>(connection, { id, input: asked, options, read: reading.json });
  switch (entry.answers) {
    case 'nothing':
      return call(connection, { id, input, options, read: reading.nothing, ...recoveryOf(entry) });
    case 'bytes':
      return streamed(connection, id, input, options);
    case 'json': {
      const { pages } = entry;
      if (pages === undefined) return get(input);
      return paged(pages, get(input), (next) => {
        // Where a list can be read backwards, the bound of the first page is none of the next.
        const { before: _bound, ...query } = { ...input.query } as { before?: string };
        return get({ ...input, query: { ...query, ...next } });
      });
    }
  }
}

/** What is not found when it is deleted again was deleted by the try whose answer was lost. */
const recoveryOf = ({ method }: OperationEntry) =>
  method !== 'DELETE'
    ? {}
    : {
        recover: async (failure: { status: number | undefined }): Promise<undefined> => {
          if (failure.status !== 404) throw failure;
        },
      };

function streamed(
  connection: Connection,
  id: OperationId,
  input: Input,
  options: RequestOptions | undefined,
): StreamedAnswer {
  const asked = { id, input, options };
  return {
    response: () => call(connection, { ...asked, read: reading.response }),
    bytes: () => call(connection, { ...asked, read: reading.bytes }),
    text: () => call(connection, { ...asked, read: reading.text }),
  };
}
