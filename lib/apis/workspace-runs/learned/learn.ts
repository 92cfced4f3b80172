import type { Platform } from '../../platform.ts';
import { upsert } from '../../records/upsert.ts';
import {
  type LearnedHeader,
  type LearnedRecord,
  type LearnedValue,
  learnedBytes,
  MAX_LEARNED_BYTES,
  nothingLearned,
} from './learned-record.ts';

type LearnPlatform = Pick<Platform, 'learned' | 'now'>;

/** Who says something, and where: of which configuration, and in which place of which run. */
export interface Teacher {
  workspaceId: string;
  configurationId: string;
  by: string;
}

type Heard = Pick<LearnedHeader, 'count' | 'last' | 'by'>;

/** Counts on where the same was said before, and from 1 where it was not; said twice in one place it counts once. */
function heardAgain<T extends Heard>(
  before: T | undefined,
  isSame: (before: T) => boolean,
  { by, last }: { by: string; last: string },
): Heard {
  if (before === undefined || !isSame(before)) return { count: 1, last, by };
  return { count: before.by === by ? before.count : before.count + 1, last, by };
}

/** Remembers that columns with this header are the field, or are none. */
export async function learnHeader(
  platform: LearnPlatform,
  { workspaceId, configurationId, by }: Teacher,
  { header, field }: Pick<LearnedHeader, 'header' | 'field'>,
): Promise<void> {
  const last = platform.now().toISOString();
  await upsert(platform.learned, workspaceId, nothingLearned(configurationId), (record) => {
    const before = record.headers.find((learned) => learned.header === header);
    const heard = heardAgain(before, (learned) => learned.field === field, { by, last });
    const others = record.headers.filter((learned) => learned !== before);
    return withinBounds({ ...record, headers: [...others, { header, field, ...heard }] });
  });
}

/** Remembers that this text of a field is that one, and says how often that was said. */
export async function learnValue(
  platform: LearnPlatform,
  { workspaceId, configurationId, by }: Teacher,
  { field, from, to }: Pick<LearnedValue, 'field' | 'from' | 'to'>,
): Promise<LearnedValue> {
  const last = platform.now().toISOString();
  const isIt = (value: LearnedValue): boolean => value.field === field && value.from === from;
  const record = await upsert(platform.learned, workspaceId, nothingLearned(configurationId), (standing) => {
    const before = standing.values.find(isIt);
    const heard = heardAgain(before, (learned) => learned.to === to, { by, last });
    const others = standing.values.filter((learned) => learned !== before);
    return withinBounds({ ...standing, values: [...others, { field, from, to, ...heard }] });
  });
  const learned = record.values.find(isIt);
  if (learned === undefined) throw new Error('What was just learned is not in the record');
  return learned;
}

/** Leaves out what was said longest ago until the rest can be kept. */
function withinBounds(record: LearnedRecord): LearnedRecord {
  let bytes = learnedBytes(record);
  if (bytes <= MAX_LEARNED_BYTES) return record;
  const oldest = [...record.headers, ...record.values].toSorted((a, b) => (a.last < b.last ? -1 : 1));
  const forgotten = new Set<LearnedHeader | LearnedValue>();
  for (const learned of oldest) {
    if (bytes <= MAX_LEARNED_BYTES) break;
    bytes -= Buffer.byteLength(JSON.stringify(learned)) + 1;
    forgotten.add(learned);
  }
  const isKept = (learned: LearnedHeader | LearnedValue): boolean => !forgotten.has(learned);
  return { ...record, headers: record.headers.filter(isKept), values: record.values.filter(isKept) };
}
