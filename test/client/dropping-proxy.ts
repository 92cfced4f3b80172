import { type DroppingServer, type Heard, type Said, startDropping } from './dropping-server.ts';

/** What is about one connection only, or about an encoding that is undone by reading. */
const HOP = [
  'host',
  'connection',
  'keep-alive',
  'content-length',
  'transfer-encoding',
  'content-encoding',
  'expect',
];

const onwards = (headers: Iterable<[string, string]>): Record<string, string> =>
  Object.fromEntries([...headers].filter(([name]) => !HOP.includes(name)));

/** Stands before a platform and cuts off every third exchange, each in another way. */
export async function startDroppingProxy(platformUrl: string): Promise<DroppingServer> {
  const proxy = await startDropping(async ({ method, url, headers, body, signal }: Heard): Promise<Said> => {
    const response = await fetch(`${platformUrl}${url}`, {
      method,
      headers: onwards(Object.entries(headers)),
      redirect: 'manual',
      signal,
      ...(body.length === 0 ? {} : { body: new Uint8Array(body) }),
    });
    const said = { status: response.status, headers: onwards(response.headers) };
    const type = response.headers.get('content-type') ?? '';
    if (type.startsWith('text/event-stream') && response.body !== null)
      return { ...said, body: eventByEvent(response.body) };
    if (!type.startsWith('application/json'))
      return response.body === null ? said : { ...said, body: response.body };
    // Forms are to be posted through here, too.
    return { ...said, body: (await response.text()).replaceAll(platformUrl, proxy.url) };
  });
  return proxy;
}

/** However they arrive, so that a cut in the middle is one. */
async function* eventByEvent(body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let rest = Buffer.alloc(0);
  for await (const chunk of body) {
    rest = Buffer.concat([rest, chunk]);
    for (let end = rest.indexOf(END); end !== -1; end = rest.indexOf(END)) {
      yield rest.subarray(0, end + END.length);
      rest = rest.subarray(end + END.length);
    }
  }
  yield rest;
}

const END = '\r\n\r\n';
