import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Platform } from '../../lib/apis/platform.ts';
import { startTestPlatform, type TestPlatform } from '../support/platform.ts';

/** A platform that writes its log, which is to have many failures, into a folder that goes with it. */
export async function startQuietPlatform(): Promise<TestPlatform> {
  const folder = await mkdtemp(join(tmpdir(), 'runplane-quiet-'));
  const platform = await startTestPlatform(undefined, { logFile: join(folder, 'log') });
  const close = async (): Promise<void> => {
    await platform.close();
    await rm(folder, { recursive: true, force: true });
  };
  return { ...platform, close };
}

type Writes = { [Store in keyof Platform]?: readonly (keyof Platform[Store])[] };

/** The writes of each store that a request for a document comes upon, and none of a run that goes on meanwhile. */
const DOCUMENT_WRITES: Writes = {
  documents: ['insert', 'replace'],
  documentNames: ['insert', 'replace'],
  documentVersions: ['insert'],
  uploads: ['replace'],
  idempotency: ['reserve', 'complete'],
  runs: ['insert'],
  files: ['put', 'copy'],
};

/** Those of a request for an output of a run that has ended. */
export const OUTPUT_WRITES: Writes = {
  documents: ['replace'],
  idempotency: ['reserve', 'complete'],
  runs: ['commit'],
  files: ['put'],
};

/**
 * From now on, the write with this number breaks off, before it is done or after. One is enough: after it,
 * everything works.
 */
export function breakingWrites(
  platform: Platform,
  no: number,
  moment: 'before' | 'after',
  writes = DOCUMENT_WRITES,
): { broke: boolean; mend(): void } {
  const before = { ...platform };
  let count = 0;
  const breaking = {
    broke: false,
    mend: () => {
      Object.assign(platform, before);
    },
  };
  for (const [store, names] of Object.entries(writes)) {
    const whole: object = Reflect.get(platform, store);
    const broken = new Proxy(whole, {
      get(target, name) {
        const value: unknown = Reflect.get(target, name);
        if (typeof value !== 'function') return value;
        if (!names.some((write) => write === name)) return value.bind(target);
        return async (...given: unknown[]) => {
          count += 1;
          const isBreaking = count === no;
          breaking.broke ||= isBreaking;
          if (isBreaking && moment === 'before') throw new Error('broken off by the test');
          const answer: unknown = await value.apply(target, given);
          if (isBreaking) throw new Error('broken off by the test');
          return answer;
        };
      },
    });
    Reflect.set(platform, store, broken);
  }
  return breaking;
}
