import { syncBuiltinESMExports } from 'node:module';
import { Transform, type TransformCallback } from 'node:stream';
import zlib from 'node:zlib';

type AtOnce = (bytes: Uint8Array, options?: zlib.ZlibOptions) => Buffer;

/** A stream that does all of its work in this thread, when its input has ended. */
const streamOf =
  (work: AtOnce) =>
  (options?: zlib.ZlibOptions): Transform => {
    const taken: Uint8Array[] = [];
    return new Transform({
      transform(chunk: Uint8Array, _encoding, done: TransformCallback) {
        taken.push(chunk);
        done();
      },
      flush(done: TransformCallback) {
        try {
          done(null, work(Buffer.concat(taken), options));
        } catch (error) {
          done(error instanceof Error ? error : new Error(String(error)));
        }
      },
    });
  };

/**
 * Lets the streams of zlib work in this thread instead of one of their own, so that a schedule, which decides
 * what happens before what, is the same at every repetition. Only for tests that then load no other stream.
 * Answers with what puts zlib back as it was.
 */
export function makeZlibSynchronous(): () => void {
  const { createDeflateRaw, createInflateRaw } = zlib;
  setStreams({
    createDeflateRaw: streamOf(zlib.deflateRawSync),
    createInflateRaw: streamOf(zlib.inflateRawSync),
  });
  return () => setStreams({ createDeflateRaw, createInflateRaw });
}

function setStreams(streams: Record<'createDeflateRaw' | 'createInflateRaw', unknown>): void {
  for (const [name, value] of Object.entries(streams))
    Object.defineProperty(zlib, name, { value, configurable: true });
  syncBuiltinESMExports();
}
