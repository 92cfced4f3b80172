import type { $ZodIssue } from 'zod/v4/core';
import type { Refusal, RefusalIssue } from './refusal.ts';
import { spelledAsSent } from './spelling.ts';

/** A request as it was checked: its parts before parsing. */
export type RequestParts = Record<'path' | 'query' | 'headers' | 'body', unknown>;

/** What is wrong with the members of a request: found by its schema, or named by who refused it. */
export const issuesOf = ({ schema, issues }: Refusal): RefusalIssue[] | undefined =>
  schema === undefined ? issues : toIssues(schema.issues, schema.request as Partial<RequestParts>);

/** One issue per wrong member, with a dotted path as the caller spelled it: `options.items[0].name`. */
export function toIssues(issues: readonly $ZodIssue[], request: Partial<RequestParts>): RefusalIssue[] {
  return issues.flatMap((issue) => {
    const [part, ...path] = issue.path as [keyof RequestParts, ...PropertyKey[]];
    const sent = spelledAsSent(path, request[part]);
    const paths =
      issue.code === 'unrecognized_keys' ? issue.keys.toSorted().map((key) => [...sent, key]) : [sent];
    const said = say(issue, part);
    return paths.map((segments) => {
      const dotted = dottedPath(segments);
      return dotted === '' ? said : { path: dotted, ...said };
    });
  });
}

export const dottedPath = (segments: readonly PropertyKey[]): string =>
  segments.reduce<string>((path, segment) => {
    if (typeof segment === 'number') return `${path}[${segment}]`;
    return path === '' ? String(segment) : `${path}.${String(segment)}`;
  }, '');

/** pydantic's error types and texts for what zod found; ADE's clients know these codes. */
function say(issue: $ZodIssue, part: keyof RequestParts): { message: string; code: string } {
  switch (issue.code) {
    case 'invalid_type':
      return wrongType(issue.expected, issue.input);
    case 'unrecognized_keys':
      return { code: 'extra_forbidden', message: 'Extra inputs are not permitted' };
    case 'invalid_format':
      return wrongFormat(issue.format);
    case 'invalid_value':
      return wrongValue(issue.values, issue.path, part);
    case 'too_small':
    case 'too_big':
      return outOfRange(issue);
    case 'custom':
      return { code: 'value_error', message: `Value error, ${issue.message}` };
    default:
      return { code: 'value_error', message: issue.message };
  }
}

const TYPES: Record<string, { code: string; message: string }> = {
  string: { code: 'string_type', message: 'Input should be a valid string' },
  number: { code: 'int_type', message: 'Input should be a valid integer' },
  int: { code: 'int_type', message: 'Input should be a valid integer' },
  boolean: { code: 'bool_parsing', message: 'Input should be a valid boolean, unable to interpret input' },
  array: { code: 'list_type', message: 'Input should be a valid list' },
  object: {
    code: 'model_attributes_type',
    message: 'Input should be a valid dictionary or object to extract fields from',
  },
  record: { code: 'dict_type', message: 'Input should be a valid dictionary' },
};

function wrongType(expected: string, input: unknown): { message: string; code: string } {
  if (input === undefined) return { code: 'missing', message: 'Field required' };
  return TYPES[expected] ?? { code: 'value_error', message: `Input should be a valid ${expected}` };
}

function wrongFormat(format: string): { message: string; code: string } {
  if (format === 'uuid') return { code: 'uuid_parsing', message: 'Input should be a valid UUID' };
  if (format === 'regex') {
    return {
      code: 'int_parsing',
      message: 'Input should be a valid integer, unable to parse string as an integer',
    };
  }
  return { code: 'value_error', message: `Input should be a valid ${format}` };
}

/** Members that ADE declares as literals rather than enumerations, which it answers with another code. */
const LITERALS = new Set(['log_level', 'mapping_status']);

function wrongValue(values: readonly unknown[], path: readonly PropertyKey[], part: keyof RequestParts) {
  if (part === 'query' && values.includes('true')) {
    return { code: 'bool_parsing', message: 'Input should be a valid boolean, unable to interpret input' };
  }
  const code = LITERALS.has(String(path.at(-1))) ? 'literal_error' : 'enum';
  return { code, message: `Input should be ${listed(values.map((value) => `'${String(value)}'`))}` };
}

const listed = (words: readonly string[]): string =>
  words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`;

function outOfRange(issue: Extract<$ZodIssue, { code: 'too_small' | 'too_big' }>): {
  message: string;
  code: string;
} {
  const small = issue.code === 'too_small';
  const bound = small ? issue.minimum : issue.maximum;
  switch (issue.origin) {
    case 'array':
    case 'set': {
      const length = Array.isArray(issue.input) ? issue.input.length : 0;
      const items = Number(bound) === 1 ? 'item' : 'items';
      return {
        code: small ? 'too_short' : 'too_long',
        message: `List should have at ${small ? 'least' : 'most'} ${bound} ${items} after validation, not ${length}`,
      };
    }
    case 'string': {
      const characters = Number(bound) === 1 ? 'character' : 'characters';
      return {
        code: small ? 'string_too_short' : 'string_too_long',
        message: `String should have at ${small ? 'least' : 'most'} ${bound} ${characters}`,
      };
    }
    default:
      return {
        code: small ? 'greater_than_equal' : 'less_than_equal',
        message: `Input should be ${small ? 'greater' : 'less'} than or equal to ${bound}`,
      };
  }
}
