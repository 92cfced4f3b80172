import * as z from 'zod';
import { Instant } from '../../../runs/run.ts';

/** Characters of a header's key and of a value: what a definition may have in a text. */
export const MAX_LEARNED_TEXT = 500;

/** Of all that a configuration has learned, as JSON: a record of DynamoDB has at most 400 KB. */
export const MAX_LEARNED_BYTES = 262_144;

const Heard = {
  /** How often it was said without anything else being said in between. */
  count: z.int().min(1),
  last: Instant,
  /** Where it was said last, so that the same request again is not counted again. */
  by: z.string().optional(),
};

export const LearnedHeader = z.object({ header: z.string(), field: z.string().nullable(), ...Heard });
export type LearnedHeader = z.infer<typeof LearnedHeader>;

export const LearnedValue = z.object({
  field: z.string(),
  from: z.string(),
  to: z.string().nullable(),
  ...Heard,
});
export type LearnedValue = z.infer<typeof LearnedValue>;

/** What a configuration has learned, beside its definition. The id is the configuration's. */
export const LearnedRecord = z.object({
  id: z.uuid(),
  version: z.int().min(0),
  headers: z.array(LearnedHeader),
  values: z.array(LearnedValue),
});
export type LearnedRecord = z.infer<typeof LearnedRecord>;

export const nothingLearned = (configurationId: string): LearnedRecord => ({
  ...{ id: configurationId, version: 0 },
  headers: [],
  values: [],
});

export const learnedBytes = ({ headers, values }: Pick<LearnedRecord, 'headers' | 'values'>): number =>
  Buffer.byteLength(JSON.stringify({ headers, values }));
