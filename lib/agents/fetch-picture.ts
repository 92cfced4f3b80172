import { publicFetch } from '../outbound/index.ts';
import { AgentFailure } from './failure.ts';

/** In bytes; docs/limits.md promises it. A model takes less, and the function has to hold it three times over. */
const MAX_PICTURE_BYTES = 10 * 1024 * 1024;

export interface Picture {
  data: Uint8Array;
  /** As its server says, when that is a picture's; the bytes tell otherwise. */
  mediaType: string | undefined;
}

/**
 * A picture that a message refers to by its address, for models that do not fetch one themselves. The SDK's own
 * way needs a package that no bundle has.
 * @throws AgentFailure `invalid_request` when it cannot be had, whatever the reason: the address may be secret.
 */
export async function fetchPicture(
  url: URL,
  signal: AbortSignal,
  call: typeof fetch = publicFetch,
): Promise<Picture> {
  try {
    const response = await call(url, { signal, redirect: 'error' });
    if (!response.ok || response.body === null) return await giveUp(response, `HTTP_${response.status}`);
    if (Number(response.headers.get('content-length')) > MAX_PICTURE_BYTES) {
      return await giveUp(response, 'TOO_LARGE');
    }
    const [type = ''] = (response.headers.get('content-type') ?? '').split(';');
    const mediaType = /^image\/[a-z0-9.+-]+$/i.test(type.trim()) ? type.trim().toLowerCase() : undefined;
    return { data: await bytesOf(response.body), mediaType };
  } catch (error) {
    if (signal.aborted || error instanceof AgentFailure) throw error;
    throw unfetched(error instanceof Error ? error.name : 'unknown');
  }
}

async function bytesOf(body: ReadableStream<Uint8Array>): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    bytes += chunk.length;
    if (bytes > MAX_PICTURE_BYTES) throw unfetched('TOO_LARGE');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

async function giveUp(response: Response, reason: string): Promise<never> {
  await response.body?.cancel();
  throw unfetched(reason);
}

function unfetched(reason: string): AgentFailure {
  const message = `An image of the messages could not be fetched: it must be at a public HTTPS address that answers without a redirect, and not be larger than ${MAX_PICTURE_BYTES} bytes.`;
  return new AgentFailure('invalid_request', { message, reason });
}
