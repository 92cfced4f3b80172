/** A deployed platform as its callers see it. */
export interface Deployed {
  baseUrl: string;
  apiKey: string;
  workspaceId: string;
}

export interface Answer {
  status: number;
  headers: Headers;
  bytes: Buffer;
  text: string;
  /** A member of a JSON answer by its path, as `run.status`; undefined where there is none. */
  at(path: string): unknown;
}

export interface Call {
  json?: unknown;
  form?: FormData;
  headers?: Record<string, string>;
  /** Null sends none. */
  key?: string | null;
  /** How long the answer may take. */
  patienceMs?: number;
}

export interface Caller {
  call(method: string, path: string, call?: Call): Promise<Answer>;
  /** Asks again until the answer is good, for at most so many seconds, and gives the last one. */
  until(ask: () => Promise<Answer>, isGood: (answer: Answer) => boolean, seconds?: number): Promise<Answer>;
}

/** The slowest functions start cold in seconds, on a busy machine in tens of them. */
const PATIENCE_MS = 120_000;
const PAUSE_MS = 500;

export function callerOf({ baseUrl, apiKey }: Deployed): Caller {
  const call: Caller['call'] = async (
    method,
    path,
    { json, form, headers = {}, key = apiKey, patienceMs = PATIENCE_MS } = {},
  ) => {
    const response = await fetch(path.startsWith('https:') ? path : `${baseUrl}${path}`, {
      method,
      headers: {
        ...(key === null ? {} : { 'x-api-key': key }),
        ...(json === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(json === undefined ? {} : { body: JSON.stringify(json) }),
      ...(form === undefined ? {} : { body: form }),
      signal: AbortSignal.timeout(patienceMs),
    });
    const bytes = Buffer.from(await response.arrayBuffer());
    const text = bytes.toString('utf8');
    return { status: response.status, headers: response.headers, bytes, text, at: reader(text) };
  };
  const until: Caller['until'] = async (ask, isGood, seconds = 60) => {
    const end = Date.now() + seconds * 1000;
    for (;;) {
      const answer = await ask();
      if (isGood(answer) || Date.now() > end) return answer;
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
  };
  return { call, until };
}

function reader(text: string): Answer['at'] {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return () => undefined; // A workbook, a page, a stream.
  }
  return (path) => path.split('.').reduce<unknown>((value, name) => Object(value)[name], parsed);
}

/** What a failed check shows of an answer. */
export const seen = ({ status, text }: Answer): [number, string] => [status, text.slice(0, 400)];

export function formOf(
  fields: Record<string, string>,
  file: { name: string; content: Uint8Array<ArrayBuffer> },
): FormData {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  form.append('file', new Blob([file.content]), file.name);
  return form;
}
