/** One server-sent event as its fields came. */
export interface ServerSentEvent {
  id: string | undefined;
  event: string | undefined;
  data: string;
}

/** Reads server-sent events as a browser's EventSource does: whole blocks only, comments dropped. */
export async function* readEvents(body: ReadableStream<Uint8Array>): AsyncGenerator<ServerSentEvent> {
  const decoder = new TextDecoder();
  let text = '';
  for await (const chunk of body) {
    text += decoder.decode(chunk, { stream: true });
    for (let end = text.indexOf('\r\n\r\n'); end !== -1; end = text.indexOf('\r\n\r\n')) {
      const block = text.slice(0, end);
      text = text.slice(end + 4);
      const fields = new Map<string, string[]>();
      for (const line of block.split('\r\n')) {
        if (line.startsWith(':')) continue;
        const [, name = '', value = ''] = /^([^:]*):? ?(.*)$/s.exec(line) ?? [];
        fields.set(name, [...(fields.get(name) ?? []), value]);
      }
      if (fields.size === 0) continue;
      const last = (name: string) => fields.get(name)?.at(-1);
      yield { id: last('id'), event: last('event'), data: (fields.get('data') ?? []).join('\n') };
    }
  }
}
