import type { IncomingMessage } from 'node:http';

/** A body that does not arrive whole, and why. */
export class BodyError extends Error {
  override readonly name = 'BodyError';
  readonly reason: 'too_large' | 'broken_off';

  constructor(reason: BodyError['reason']) {
    super(reason);
    this.reason = reason;
  }
}

/**
 * The whole body, up to a cap.
 * @throws BodyError
 */
export function readBody(req: IncomingMessage, maxBytes: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    if (Number(req.headers['content-length'] ?? 0) > maxBytes) {
      reject(new BodyError('too_large'));
      return;
    }
    const chunks: Buffer[] = [];
    let bytes = 0;
    req.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > maxBytes) {
        chunks.length = 0;
        reject(new BodyError('too_large'));
      } else chunks.push(chunk);
    });
    req.on('end', () => resolve(Buffer.concat(chunks)));
    req.on('error', () => reject(new BodyError('broken_off')));
    req.on('close', () => reject(new BodyError('broken_off')));
  });
}
