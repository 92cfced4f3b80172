/** One server-sent event as its fields came. */
export interface ServerSentEvent {
  id: string | undefined;
  event: string | undefined;
  data: string;
}

/**
 * Reads server-sent events as the HTML standard has them: lines that end in CR, LF or both, chunks that are
 * cut anywhere, comments, data of several lines. An event that the end of the stream cuts off is dropped.
 */
export async function* serverSentEvents(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<ServerSentEvent> {
  const decoder = new TextDecoder();
  let fields = new Map<string, string[]>();
  let rest = '';
  let endedInCr = false;
  for await (const chunk of chunks) {
    const decoded = decoder.decode(chunk, { stream: true });
    if (decoded === '') continue; // the chunk ends within its first character
    // The LF of a CR LF that was cut in two ends no second line.
    const text = rest + (endedInCr && decoded.startsWith('\n') ? decoded.slice(1) : decoded);
    endedInCr = decoded.endsWith('\r');
    const lines = text.split(/\r\n|\r|\n/);
    rest = lines.pop() ?? '';
    for (const line of lines) {
      if (line !== '') {
        readField(line, fields);
        continue;
      }
      const data = fields.get('data');
      if (data !== undefined)
        yield { id: fields.get('id')?.at(-1), event: fields.get('event')?.at(-1), data: data.join('\n') };
      fields = new Map();
    }
  }
}

function readField(line: string, fields: Map<string, string[]>): void {
  const colon = line.indexOf(':');
  if (colon === 0) return; // a comment
  const name = colon === -1 ? line : line.slice(0, colon);
  const value = colon === -1 ? '' : line.slice(colon + 1).replace(/^ /, '');
  const values = fields.get(name);
  if (values === undefined) fields.set(name, [value]);
  else values.push(value);
}
