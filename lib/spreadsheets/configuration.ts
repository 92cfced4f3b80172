import * as z from 'zod';
import { CsvSettings } from './csv-options.ts';
import { fieldProblems } from './field-references.ts';
import { MAX_COLUMNS, MAX_SHEET_NAME, MAX_SHEETS } from './limits.ts';
import { MAX_LISTS } from './lists/list-limits.ts';
import { ListName } from './lists/list-name.ts';
import { listsNamed } from './lists/lists-named.ts';
import { tooManyPatterns } from './pattern-count.ts';
import { loadPatterns, patternProblem, usesPatterns } from './patterns.ts';
import { isPhoneCountry } from './transform/known/phone-countries.ts';
import { wordProblem } from './words/configured-word.ts';
import { suggesting } from './words/suggest.ts';
import { headerKey } from './words/words.ts';

export const MAX_FIELDS = 500;
const MAX_RULES_PER_FIELD = 50;
const MAX_ROW_RULES = 50;
const MAX_TEXT_CHARACTERS = 500;

const text = z.string().max(MAX_TEXT_CHARACTERS);
const score = z.number().min(-100).max(100);
// Headers are compared word by word: a token that is no word, or several, would never match.
const token = z.string().superRefine((word, context) => {
  const message = wordProblem(word);
  if (message !== undefined) context.addIssue({ code: 'invalid_format', format: 'regex', message });
});
const header = text.refine(
  (value) => headerKey(value) !== '',
  'must not be blank: write a header as it stands in the file',
);
const tokenSets = z.array(z.array(token).min(1).max(20)).max(200);
const pattern = z.string().superRefine((source, context) => {
  const problem = patternProblem(source);
  if (problem !== undefined) context.addIssue({ code: 'custom', message: `invalid pattern: ${problem}` });
});

const exactlyOneOf =
  (...keys: string[]) =>
  (value: object, context: z.RefinementCtx): void => {
    if (keys.filter((key) => Reflect.get(value, key) !== undefined).length === 1) return;
    context.addIssue({ code: 'custom', message: `must have exactly one of ${keys.join(', ')}` });
  };

/** `"trim"` is short for `{"trim": true}`, `"date"` for `{"date": {}}`: the step without settings. */
const spelledOut = (step: unknown): unknown => {
  if (typeof step !== 'string') return step;
  return { [step]: step === 'date' || step === 'number' ? {} : true };
};

const phoneCountry = z
  .string()
  .transform((code) => code.toUpperCase())
  .refine(
    isPhoneCountry,
    'must be the code of a country that has telephone numbers: two letters such as "DE"',
  );

/** Fields of the same row. */
const fieldNames = z.array(text).min(1).max(50);

/** A list of the workspace; near misses of its values count from this similarity on, 0 is none. */
const ListRule = z.strictObject({ list: ListName, similarity: z.number().min(0).max(1).default(0) });

/** One step from a cell's value to the value written. A value that a step cannot read stays as it is. */
const Transform = z.preprocess(
  spelledOut,
  z
    .strictObject({
      trim: z.literal(true).optional(),
      collapse: z.literal(true).optional(),
      'full-name': z.literal(true).optional(),
      case: z.enum(['upper', 'lower', 'title']).optional(),
      date: z.strictObject({ order: z.enum(['ymd', 'dmy', 'mdy']).default('ymd') }).optional(),
      number: z.strictObject({ decimal: z.enum(['.', ',']).default('.') }).optional(),
      replace: z.strictObject({ pattern, with: text.default('') }).optional(),
      map: z.record(text, z.union([text, z.number(), z.boolean(), z.null()])).optional(),
      split: z.strictObject({ separator: text.min(1), index: z.int().min(0).max(1000) }).optional(),
      join: z.strictObject({ fields: fieldNames, separator: text.default(' ') }).optional(),
      coalesce: fieldNames.optional(),
      /** Takes a value, or one of its synonyms, to the value as its list has it. */
      lookup: ListRule.optional(),
      /** E.164; numbers without a country are of this one. */
      phone: z.strictObject({ country: phoneCountry }).optional(),
      email: z.literal(true).optional(),
      /** As ISO 3166-1 has it; a name is in English. */
      country: z.enum(['alpha2', 'alpha3', 'name']).optional(),
    })
    .superRefine(
      exactlyOneOf(
        ...['trim', 'collapse', 'full-name', 'case', 'date', 'number', 'replace', 'map'],
        ...['split', 'join', 'coalesce', 'lookup', 'phone', 'email', 'country'],
      ),
    ),
);
export type Transform = z.infer<typeof Transform>;

const allowed = z.array(text).min(1).max(1000);

/** One rule for a field's values; blank values break no rule but `required`. `{value}` in a message is the value. */
const Validator = z
  .strictObject({
    required: z.literal(true).optional(),
    pattern: pattern.optional(),
    minLength: z.int().min(0).optional(),
    maxLength: z.int().min(0).optional(),
    range: z
      .strictObject({ min: z.number().optional(), max: z.number().optional() })
      .refine(({ min, max }) => min !== undefined || max !== undefined, 'must have min, max or both')
      .optional(),
    oneOf: allowed.optional(),
    unique: z.literal(true).optional(),
    /** Required where another field has a value, or one of these. */
    requiredIf: z.strictObject({ field: text, oneOf: allowed.optional() }).optional(),
    compare: z
      .strictObject({ operator: z.enum(['eq', 'ne', 'lt', 'lte', 'gt', 'gte']), field: text })
      .optional(),
    checksum: z.enum(['iban', 'ean13', 'luhn']).optional(),
    /** In a list, by itself or by a synonym. */
    reference: ListRule.optional(),
    message: text.optional(),
  })
  .superRefine(
    exactlyOneOf(
      ...['required', 'pattern', 'minLength', 'maxLength', 'range', 'oneOf'],
      ...['unique', 'requiredIf', 'compare', 'checksum', 'reference'],
    ),
  );
export type Validator = z.infer<typeof Validator>;

/** What becomes of a value that its type or a step cannot read: it stays, it goes, or its row does. */
const OnUnreadable = z.enum(['keep', 'blank', 'failRow']);
export type OnUnreadable = z.infer<typeof OnUnreadable>;

const ValuePattern = z.strictObject({
  pattern,
  /** Added to the column's score for this field, times the share of sampled values that match as a whole. */
  score,
  /** Below this share of matching values nothing is added. */
  minShare: z.number().min(0).max(1).default(0),
});

const Field = z.strictObject({
  name: z
    .string()
    .regex(/^[A-Za-z][A-Za-z0-9_]{0,63}$/, 'must start with a letter and go on with letters, digits and _')
    .refine((name) => !name.startsWith('__ade_'), 'must not start with __ade_'),
  label: text.optional(),
  dtype: z.enum(['string', 'integer', 'number', 'boolean', 'date', 'datetime']).default('string'),
  headerTokenSets: tokenSets.default([]),
  score: score.default(1),
  weakTokenSets: tokenSets.default([]),
  weakScore: score.default(0.8),
  /** Whole headers; a column that has one of them is this field's, whatever words others look for. */
  headers: z.array(header).max(200).default([]),
  /** What a near miss of a header counts, times how near it is; 0 is nothing. */
  similarity: z.number().min(0).max(1).default(0),
  valuePatterns: z.array(ValuePattern).max(MAX_RULES_PER_FIELD).default([]),
  transforms: z.array(Transform).max(MAX_RULES_PER_FIELD).default([]),
  /** Stands above the setting of that name. */
  onUnreadable: OnUnreadable.optional(),
  validators: z.array(Validator).max(MAX_RULES_PER_FIELD).default([]),
});
export type Field = z.infer<typeof Field>;

const sheetNames = z.array(z.string().max(MAX_SHEET_NAME)).max(MAX_SHEETS).default([]);

const Settings = z.strictObject({
  /** Leaves columns out of the output whose name is no field's. */
  removeUnmappedColumns: z.boolean().default(false),
  /** Keeps the `__ade_*` columns in the output. */
  writeDiagnosticsColumns: z.boolean().default(false),
  /** Writes the tables of a sheet with the largest share of mapped columns first. */
  sortTablesByMappingRatio: z.boolean().default(false),
  /** Writes the tables of a sheet as one, columns matched by name. */
  mergeTablesInSheet: z.boolean().default(false),
  /** Which of several columns of equal score a field gets: the leftmost, or none. */
  mappingTieResolution: z.enum(['leftmost', 'leave_unmapped']).default('leftmost'),
  /** A column whose best field scores less stays unmapped, and is told as one to decide. */
  minimumScore: z.number().min(0).max(100).default(0),
  /** Values per column that value patterns look at. */
  detectorColumnSampleSize: z.int().min(1).max(10_000).default(100),
  /** Joins header rows that stand directly below one another. */
  mergeStackedHeaders: z.boolean().default(true),
  /** Empty rows in a row that end a sheet; empty cells in a row that end a row. */
  maxEmptyRowsRun: z.int().min(1).max(1_048_576).default(1000),
  maxEmptyColsRun: z.int().min(1).max(16_384).default(500),
  /** How text files are written; what is left out is detected. */
  csv: CsvSettings.prefault({}),
  /** Finds tables by rows that look like headers, as ADE does, or wherever on a sheet they are. */
  tableDetection: z.enum(['ade', 'regions']).default('ade'),
  /** Whether rows that the workbook does not show are read. */
  hiddenRows: z.enum(['keep', 'skip']).default('keep'),
  /** Whether merged cells are their first one's value, the others empty, or all of them are. */
  mergedCells: z.enum(['first', 'fill']).default('first'),
  /** Whether `full-name` keeps every part of a name, or drops middle names as ADE does. Firms are left alone. */
  nameRules: z.enum(['people', 'ade']).default('people'),
  /** What becomes of a value that its field's type or a step cannot read; it is an issue in any case. */
  onUnreadable: OnUnreadable.default('keep'),
  /** Adds an empty column for a field with rules that a table has no column for, as ADE does. */
  addMissingColumns: z.boolean().default(false),
  /** Which sheets are processed where a run names none; an empty `include` is all of them. */
  sheets: z
    .strictObject({
      include: sheetNames,
      exclude: sheetNames,
      hidden: z.enum(['skip', 'keep']).default('skip'),
    })
    .prefault({}),
});
export type Settings = z.infer<typeof Settings>;

/** The column that a rule looks at, by its field's name or its header, and a pattern for the whole value. */
const Match = z.strictObject({ column: text.min(1), matches: pattern });

/** One rule for the rows of every table; the first that applies to a row decides. */
const RowRule = z
  .strictObject({
    drop: z.union([z.enum(['blank', 'repeatedHeader', 'totals', 'notes']), Match]).optional(),
    /** Leaves out the row and all below it. */
    stopAt: Match.optional(),
    /** Leaves out rows with fewer filled cells. */
    keepIf: z.strictObject({ atLeast: z.int().min(1).max(MAX_COLUMNS) }).optional(),
  })
  .superRefine(exactlyOneOf('drop', 'stopAt', 'keepIf'));
export type RowRule = z.infer<typeof RowRule>;

/** Counted before any is compiled, which takes its time too. */
const FewPatterns = z.unknown().superRefine((definition, context) => {
  const message = tooManyPatterns(definition);
  if (message !== undefined) context.addIssue({ code: 'custom', path: ['fields'], message });
});

const Definition = z
  .strictObject({
    settings: Settings.prefault({}),
    rowDetectors: z.strictObject({ headerTokens: z.array(token).max(1000).default([]) }).prefault({}),
    rowRules: z.array(RowRule).max(MAX_ROW_RULES).default([]),
    fields: z.array(Field).max(MAX_FIELDS),
  })
  .superRefine(({ fields }, context) => {
    const owners = new Map<string, string>();
    fields.forEach(({ name, headers }, index) => {
      headers.forEach((whole, at) => {
        const key = headerKey(whole);
        const owner = owners.get(key) ?? name;
        owners.set(key, owner);
        if (owner === name) return;
        context.addIssue({
          code: 'custom',
          path: ['fields', index, 'headers', at],
          message: `${JSON.stringify(whole)} is a header of ${owner} already: a whole header names one field`,
        });
      });
    });
    const seen = new Set<string>();
    fields.forEach(({ name }, index) => {
      if (seen.has(name)) {
        context.addIssue({
          code: 'custom',
          path: ['fields', index, 'name'],
          message: `${name} is there twice`,
        });
      }
      seen.add(name);
    });
    const { length } = listsNamed(fields);
    if (length > MAX_LISTS) {
      const message = `must name at most ${MAX_LISTS} lists, not ${length}`;
      context.addIssue({ code: 'custom', path: ['fields'], message });
    }
    for (const issue of fieldProblems(fields)) context.addIssue({ code: 'custom', ...issue });
  });

/** What a workspace wants of its workbooks: which fields to find, how to clean and check them. */
export const Configuration = FewPatterns.pipe(Definition);
export type Configuration = z.infer<typeof Configuration>;

/** A definition as the engine understands it, or zod's issues; loads what checks patterns if it has any. */
export async function readConfiguration(definition: unknown): Promise<z.ZodSafeParseResult<Configuration>> {
  if (usesPatterns(definition)) await loadPatterns();
  return Configuration.safeParse(definition, { reportInput: true, error: suggesting() });
}
