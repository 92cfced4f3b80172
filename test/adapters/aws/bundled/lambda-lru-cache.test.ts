import { createRequire } from 'node:module';
import { describe, expect, it } from 'vitest';
import LruCache from '../../../../lib/adapters/aws/bundled/lambda-lru-cache.ts';

const require = createRequire(import.meta.url);
// What the SDK would use: nobody of ours depends on it, so it is found from where it is used.
const fromSdk = createRequire(require.resolve('@aws-sdk/endpoint-cache'));

interface Cache {
  has(key: string): boolean;
  peek(key: string): number | undefined;
  get(key: string): number | undefined;
  set(key: string, value: number): void;
  clear(): void;
}

/** What is left of four keys in a cache of three, after what is done to it. */
function left(cache: Cache, act: (cache: Cache) => void): unknown[] {
  for (const [value, key] of ['a', 'b', 'c'].entries()) cache.set(key, value);
  act(cache);
  return ['a', 'b', 'c', 'd'].map((key) => [cache.has(key), cache.peek(key)]);
}

describe('the cache that stands for mnemonist’s in bundles', () => {
  it.each<[string, (cache: Cache) => void]>([
    ['nothing happens', () => {}],
    ['one too many comes', (cache) => cache.set('d', 3)],
    [
      'the oldest was used',
      (cache) => {
        cache.get('a');
        cache.set('d', 3);
      },
    ],
    [
      'the oldest was only looked at',
      (cache) => {
        cache.peek('a');
        cache.set('d', 3);
      },
    ],
    [
      'the oldest was set again',
      (cache) => {
        cache.set('a', 7);
        cache.set('d', 3);
      },
    ],
    ['it is cleared', (cache) => cache.clear()],
  ])('keeps what it would keep when %s', (_what, act) => {
    const Original = fromSdk('mnemonist/lru-cache') as new (capacity: number) => Cache;

    expect(left(new LruCache<number>(3), act)).toEqual(left(new Original(3), act));
  });
});
