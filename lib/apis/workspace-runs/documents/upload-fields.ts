import { isTooDeep } from '../../operation/json-depth.ts';
import { Refused } from '../../operation/refusal.ts';
import { lostIn } from '../../operation/strict-json.ts';
import { CONFLICT_MODES } from './documents-contract.ts';
import type { ReceivedDocument } from './receive-document.ts';
import type { ConflictMode } from './store-version.ts';

/**
 * The text parts that come with an uploaded file.
 * @throws Refused 400 for metadata or run options that are not JSON objects, 422 for an unknown conflict mode.
 */
export function parseUploadFields(
  fields: Record<string, string>,
): Pick<ReceivedDocument, 'metadata' | 'runOptions' | 'conflictMode'> {
  const runOptions = fields.run_options ?? fields.runOptions;
  return {
    metadata: parseObject('metadata', fields.metadata) ?? {},
    runOptions: parseObject('run_options', runOptions),
    conflictMode: parseConflictMode(fields.conflictMode ?? fields.conflict_mode),
  };
}

function parseObject(name: string, text: string | undefined): Record<string, unknown> | undefined {
  if (text === undefined || text.trim() === '') return undefined;
  if (isTooDeep(text)) throw badRequest(`${name} is nested too deeply`);
  let value: unknown;
  try {
    value = JSON.parse(text.trim()); // which takes a byte order mark too
  } catch (cause) {
    throw badRequest(`${name} must be valid JSON`, cause);
  }
  const lost = lostIn(text);
  if (lost !== undefined) {
    const issue = { path: name, message: lost, code: 'json_invalid' };
    throw new Refused({ category: 'invalid', issues: [issue] });
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value };
  throw badRequest(`${name} must be a JSON object`);
}

function parseConflictMode(text: string | undefined): ConflictMode {
  const mode = CONFLICT_MODES.find((known) => known === (text ?? 'reject'));
  if (mode !== undefined) return mode;
  const message = "Input should be 'reject', 'upload_new_version' or 'keep_both'";
  throw new Refused({ category: 'invalid', issues: [{ path: 'conflictMode', message, code: 'enum' }] });
}

const badRequest = (message: string, cause?: unknown): Refused =>
  new Refused({ category: 'bad_request', message }, { cause });
