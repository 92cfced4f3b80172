import { bounded } from './bounded-answer.ts';
import { JsonEnd } from './json-end.ts';
import { LINGER_MS, within } from './linger.ts';

/** How long usage is waited for after a finish reason, in milliseconds; OpenAI sends it with the next packet. */
const USAGE_MS = 5_000;

/**
 * What chat completions say, as the AI SDK reads it. An answer is over when it says so, though the server holds
 * the connection: at `[DONE]`, at a finish reason with usage, at the brace that closes its JSON. The words of a
 * refusal are the answer's text; where JSON was asked for, its end is a content filter's, by which its reader
 * knows that this is none. Calls of tools are left out: agents have no tools, and the SDK fails at one that is
 * not well-formed.
 */
export const readCompletions =
  (send: typeof fetch): typeof fetch =>
  async (input, init) => {
    const response = bounded(await send(input, init));
    if (!response.ok || response.body === null) return response;
    const { status, statusText, headers } = response;
    const asked = askedIn(init?.body);
    const read = asked.isStreamed ? eventsOf : jsonOf;
    const body = ReadableStream.from(read(response.body.getReader(), asked));
    return new Response(body, { status, statusText, headers });
  };

type Reader = ReadableStreamDefaultReader<Uint8Array>;

interface Asked {
  isStreamed: boolean;
  /** For JSON, and not just for words. */
  forJson: boolean;
}

function askedIn(body: unknown): Asked {
  const request = typeof body === 'string' ? asObject(parsed(body)) : undefined;
  return { isStreamed: request?.stream === true, forJson: request?.response_format != null };
}

/** The lines of a stream, up to the end of its answer. */
async function* eventsOf(reader: Reader, asked: Asked): AsyncGenerator<Uint8Array> {
  const decoder = new TextDecoder();
  const end = new End(asked);
  let rest = '';
  try {
    for (;;) {
      const next = await within(reader.read(), end.patienceMs);
      if (next === undefined) return;
      if (end.isReached) {
        if (next.done) return;
        continue;
      }
      const text = next.done ? decoder.decode() : decoder.decode(next.value, { stream: true });
      // Cut only where there is something to cut: a line may come in a hundred thousand pieces.
      const lines = text.includes('\n') ? `${rest}${text}`.split('\n') : [rest + text];
      rest = lines.pop() ?? '';
      if (next.done || isDone(rest)) lines.push(rest);
      const kept: string[] = [];
      for (const line of lines) if (!end.isReached) kept.push(`${end.see(line)}\n`);
      // The blank line that completes the last event may be on its way still.
      if (end.isReached) kept.push('\n');
      if (kept.length > 0) yield Buffer.from(kept.join(''));
      if (next.done) return;
    }
  } finally {
    // Not awaited: nothing depends on how the server takes it.
    reader.cancel().catch(() => {});
  }
}

const DONE = /^data:\s*\[DONE\]\s*$/;
/** By its length first: a text that is added to is put together anew whenever it is looked into. */
const isDone = (line: string): boolean => line.length <= MAX_DONE && DONE.test(line);
const MAX_DONE = 100;

/** What a stream has said of its end so far. */
class End {
  readonly #asked: Asked;
  #hasRefused = false;
  #hasReason = false;
  #isOver = false;
  #until = Number.POSITIVE_INFINITY;

  constructor(asked: Asked) {
    this.#asked = asked;
  }

  get isReached(): boolean {
    return this.#isOver;
  }

  /** How long the next piece may be waited for; undefined while the answer goes on. */
  get patienceMs(): number | undefined {
    return Number.isFinite(this.#until) ? Math.max(this.#until - performance.now(), 0) : undefined;
  }

  /** The line as it is to be read. */
  see(line: string): string {
    if (!line.startsWith('data:')) return line;
    if (isDone(line)) this.#waitFor(LINGER_MS, true);
    const chunk = asObject(parsed(line.slice('data:'.length)));
    if (chunk === undefined) return line;
    const choice = choiceOf(chunk);
    const reason = choice?.finish_reason;
    if (typeof reason === 'string' && reason !== '' && !this.#hasReason) {
      this.#hasReason = true;
      this.#waitFor(USAGE_MS, false);
    }
    if (this.#hasReason && hasUsage(chunk)) this.#waitFor(LINGER_MS, true);
    const says = said(choice?.delta);
    this.#hasRefused ||= says.refuses;
    const endsAnew = this.#hasRefused && this.#asked.forJson && endAsFiltered(choice);
    return says.isChanged || endsAnew ? `data: ${JSON.stringify(chunk)}` : line;
  }

  #waitFor(milliseconds: number, isOver: boolean): void {
    this.#until = performance.now() + milliseconds;
    this.#isOver = isOver;
  }
}

/** A whole answer, as soon as it is one. */
async function* jsonOf(reader: Reader, { forJson }: Asked): AsyncGenerator<Uint8Array> {
  const chunks: Uint8Array[] = [];
  const end = new JsonEnd();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      const wasReached = end.isReached;
      if (value !== undefined) {
        chunks.push(value);
        end.see(value);
      }
      // Tried once: what is no JSON where it seems to end is read to its true end, and not after every piece.
      if (!done && (wasReached || !end.isReached)) continue;
      const bytes = Buffer.concat(chunks);
      const answer = asObject(parsed(bytes.toString('utf8')));
      if (answer === undefined && !done) continue;
      const choice = answer === undefined ? undefined : choiceOf(answer);
      const says = said(choice?.message);
      if (says.refuses && forJson) endAsFiltered(choice);
      yield says.isChanged ? Buffer.from(JSON.stringify(answer)) : bytes;
      if (!done) await within(reader.read(), LINGER_MS);
      return;
    }
  } finally {
    reader.cancel().catch(() => {});
  }
}

/** Puts the words of a refusal where an answer's are and takes calls of tools out. */
function said(value: unknown): { refuses: boolean; isChanged: boolean } {
  const message = asObject(value);
  if (message === undefined) return { refuses: false, isChanged: false };
  const { refusal, content } = message;
  const refuses = typeof refusal === 'string' && refusal !== '' && (content ?? '') === '';
  if (refuses) message.content = refusal;
  const calls = ['tool_calls', 'function_call'].filter((name) => message[name] != null);
  for (const name of calls) delete message[name];
  return { refuses, isChanged: refuses || calls.length > 0 };
}

/** Whether the choice, of a refusal, ends here, for whatever reason: words that were cut are no JSON either. */
function endAsFiltered(choice: Record<string, unknown> | undefined): boolean {
  if (typeof choice?.finish_reason !== 'string' || choice.finish_reason === '') return false;
  choice.finish_reason = 'content_filter';
  return true;
}

const choiceOf = ({ choices }: Record<string, unknown>): Record<string, unknown> | undefined =>
  Array.isArray(choices) ? asObject(choices[0]) : undefined;

function hasUsage(chunk: Record<string, unknown>): boolean {
  const usage = asObject(chunk.usage);
  return typeof (usage?.prompt_tokens ?? usage?.completion_tokens) === 'number';
}

const asObject = (value: unknown): Record<string, unknown> | undefined =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : undefined;

/** Undefined for what is no JSON: the SDK is to say so. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
