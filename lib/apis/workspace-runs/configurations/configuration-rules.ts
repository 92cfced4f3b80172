import type { $ZodIssue } from 'zod/v4/core';
// Not the room's index: a function that only checks configurations has no use for the engine.
import { type Configuration, readConfiguration } from '../../../spreadsheets/configuration.ts';
import { Refused } from '../../operation/refusal.ts';
import { dottedPath } from '../../operation/schema-issues.ts';
import type { Platform } from '../../platform.ts';
import { missingLists } from '../lists/missing-lists.ts';

/** What is wrong with a definition; `path` is absent when the whole is meant. */
export interface DefinitionError {
  path?: string;
  message: string;
  code: string;
}

export type CheckedDefinition =
  | { configuration: Configuration; errors: [] }
  | { configuration?: undefined; errors: DefinitionError[] };

/** Nobody mends more at a time, and an answer has its limit. */
export const MAX_ERRORS = 100;
/** Characters of a place and of a sentence: both may quote what is wrong. */
export const MAX_TEXT = 1000;

/** A definition as the engine understands it, or the first things that are wrong with it, in the order it is written. */
export async function checkDefinition(definition: unknown): Promise<CheckedDefinition> {
  const parsed = await readConfiguration(definition);
  if (parsed.success) return { configuration: parsed.data, errors: [] };
  return { errors: parsed.error.issues.slice(0, MAX_ERRORS).flatMap(toErrors).slice(0, MAX_ERRORS) };
}

/** The same of a configuration of this workspace, which must have what it names. */
export async function checkInWorkspace(
  platform: Pick<Platform, 'lists'>,
  workspaceId: string,
  definition: unknown,
): Promise<CheckedDefinition> {
  const checked = await checkDefinition(definition);
  if (checked.configuration === undefined) return checked;
  const errors = await missingLists(platform, workspaceId, checked.configuration);
  return errors.length === 0 ? checked : { errors: errors.slice(0, MAX_ERRORS) };
}

function toErrors(issue: $ZodIssue): DefinitionError[] {
  if (issue.code === 'unrecognized_keys') {
    // One line each: see `suggesting`.
    const lines = issue.message.split('\n');
    return issue.keys.map((key, index) =>
      at([...issue.path, key], 'extra_forbidden', lines[index] ?? 'There is no such member'),
    );
  }
  if (issue.code === 'invalid_type' && issue.input === undefined) {
    return [at(issue.path, 'missing', 'Field required')];
  }
  return [at(issue.path, codeOf(issue), issue.message)];
}

const at = (path: readonly PropertyKey[], code: string, message: string): DefinitionError => ({
  ...(path.length === 0 ? {} : { path: dottedPath(path).slice(0, MAX_TEXT) }),
  message: message.slice(0, MAX_TEXT),
  code,
});

/** pydantic's names where it has one, as everywhere in this API; regular expressions have one of ours. */
function codeOf(issue: $ZodIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return `${issue.expected}_type`;
    case 'invalid_value':
      return 'enum';
    case 'invalid_format':
      return 'string_pattern_mismatch';
    case 'too_small':
      return issue.origin === 'array' ? 'too_short' : 'greater_than_equal';
    case 'too_big':
      return issue.origin === 'array'
        ? 'too_long'
        : issue.origin === 'string'
          ? 'string_too_long'
          : 'less_than_equal';
    case 'custom':
      return issue.message.startsWith('invalid pattern: ') ? 'invalid_pattern' : 'value_error';
    default:
      return 'value_error';
  }
}

export const invalidDefinition = (errors: readonly DefinitionError[]): Refused =>
  new Refused({ category: 'invalid', message: 'The configuration is not valid', issues: [...errors] });
