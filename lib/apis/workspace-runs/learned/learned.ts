import { headerKey } from '../../../spreadsheets/words/words.ts';
import { assertVersion, type Precondition } from '../../operation/precondition.ts';
import { invalid, type RefusalIssue, Refused } from '../../operation/refusal.ts';
import type { Platform } from '../../platform.ts';
import { update } from '../../records/update.ts';
import { upsert } from '../../records/upsert.ts';
import { findConfiguration } from '../configurations/find-configuration.ts';
import { fieldNamesOf, unknownField } from './field-names.ts';
import type { Learned, LearnedReplacement } from './learned-contract.ts';
import {
  type LearnedRecord,
  learnedBytes,
  MAX_LEARNED_BYTES,
  MAX_LEARNED_TEXT,
  nothingLearned,
} from './learned-record.ts';

type LearnedPlatform = Pick<Platform, 'configurations' | 'learned' | 'now'>;

interface OfConfiguration {
  workspaceId: string;
  configurationId: string;
}

export function toLearned({ headers, values }: LearnedRecord): Learned {
  const ofField = new Map<string, [string, Learned['values'][string][string]][]>();
  for (const { field, from, to, count, last } of values) {
    ofField.set(field, [...(ofField.get(field) ?? []), [from, { to, count, last }]]);
  }
  return {
    headers: Object.fromEntries(
      headers.map(({ header, field, count, last }) => [header, { field, count, last }]),
    ),
    values: Object.fromEntries([...ofField].map(([field, all]) => [field, Object.fromEntries(all)])),
  };
}

/** @throws Refused 404. */
export async function findLearned(
  platform: Pick<Platform, 'configurations' | 'learned'>,
  { workspaceId, configurationId }: OfConfiguration,
): Promise<LearnedRecord> {
  const { id } = await findConfiguration(platform, workspaceId, configurationId);
  return (await platform.learned.get(workspaceId, id)) ?? nothingLearned(id);
}

/** @throws Refused 404, 412 when it changed since the caller read it, 413, 422 for a field that there is not. */
export async function replaceLearned(
  platform: LearnedPlatform,
  { workspaceId, configurationId }: OfConfiguration,
  asked: LearnedReplacement,
  precondition: Precondition,
): Promise<LearnedRecord> {
  const configuration = await findConfiguration(platform, workspaceId, configurationId);
  const replacement = checked(asked, fieldNamesOf(configuration), platform.now().toISOString());
  return upsert(platform.learned, workspaceId, nothingLearned(configuration.id), (record) => {
    assertVersion(record, precondition);
    return { ...record, ...replacement };
  });
}

/** Without a header everything. What is not there is forgotten already. @throws Refused 404. */
export async function forgetLearned(
  platform: LearnedPlatform,
  { workspaceId, configurationId }: OfConfiguration,
  header: string | undefined,
): Promise<void> {
  const { id } = await findConfiguration(platform, workspaceId, configurationId);
  const key = header === undefined ? undefined : headerKey(header);
  await update(platform.learned, workspaceId, id, (record) => {
    if (key === undefined) return { ...record, headers: [], values: [] };
    const headers = record.headers.filter((learned) => learned.header !== key);
    return headers.length === record.headers.length ? undefined : { ...record, headers };
  });
}

/** What is to be kept, keys as headers are compared. @throws Refused 422 with what is wrong and where, 413. */
function checked(
  { headers, values }: LearnedReplacement,
  fields: readonly string[],
  now: string,
): Pick<LearnedRecord, 'headers' | 'values'> {
  const issues: RefusalIssue[] = [];
  const expectField = (field: string, path: string): void => {
    const message = unknownField(field, fields);
    if (message !== undefined) issues.push({ path, message, code: 'unknown_field' });
  };
  const keys = new Map<string, string>();
  const learnedHeaders = Object.entries(headers).map(([written, { field, count, last = now }]) => {
    const header = headerKey(written);
    const path = `headers.${written.slice(0, 100)}`;
    const problem = problemOfKey(header, written, keys);
    if (problem !== undefined) issues.push({ path, message: problem, code: 'value_error' });
    keys.set(header, written);
    if (field !== null) expectField(field, `${path}.field`);
    return { header, field, count, last };
  });
  const learnedValues = Object.entries(values).flatMap(([field, replacements]) => {
    expectField(field, `values.${field.slice(0, 100)}`);
    return Object.entries(replacements).map(([written, { to, count, last = now }]) => {
      const from = written.trim();
      const message = 'An empty text is no value that could be replaced';
      if (from === '') issues.push({ path: `values.${field.slice(0, 100)}`, message, code: 'value_error' });
      return { field, from, to, count, last };
    });
  });
  if (issues.length > 0) throw invalid('What is to be learned is not valid', issues);
  const learned = { headers: learnedHeaders, values: learnedValues };
  const bytes = learnedBytes(learned);
  if (bytes <= MAX_LEARNED_BYTES) return learned;
  const message = `A configuration learns at most ${MAX_LEARNED_BYTES} bytes of JSON; this has ${bytes}. Leave out what was said least often.`;
  throw new Refused({ category: 'too_large', message });
}

function problemOfKey(
  header: string,
  written: string,
  keys: ReadonlyMap<string, string>,
): string | undefined {
  if (header === '') return 'must not be blank: write a header as it stands in the file';
  if (header.length > MAX_LEARNED_TEXT) return `has more than ${MAX_LEARNED_TEXT} characters`;
  const other = keys.get(header);
  if (other === undefined) return undefined;
  return `${JSON.stringify(written.slice(0, 100))} and ${JSON.stringify(other.slice(0, 100))} are the same header: write it once`;
}
