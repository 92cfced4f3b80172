import { type PlainValue, textOf } from '../cells.ts';
import type { Field, OnUnreadable, Settings } from '../configuration.ts';
import type { ColumnSurvey } from '../detect/column-survey.ts';
import type { TableSurvey } from '../detect/table-detector.ts';
import { fieldsLookedAt } from '../field-references.ts';
import type { ColumnMapping } from '../map/column-mapper.ts';
import type { RowReader } from '../transform/field-reader.ts';
import type { CellReader } from '../transform/reading/typed-reader.ts';
import type { FieldCheck, Issue } from '../transform/validators.ts';
import { wantedOf } from '../transform/wanted.ts';
import type { FieldRules } from './field-rules.ts';

export const ISSUE_PREFIX = '__ade_issue__';
export const HAS_ISSUES = '__ade_has_issues';
export const ISSUE_COUNT = '__ade_issue_count';
const RESERVED_PREFIX = '__ade_';
const NONE: ReadonlySet<string> = new Set();
const NUMBER_TYPES: ReadonlySet<string> = new Set(['integer', 'number']);

/** A detected table with its columns mapped and renamed. */
export interface MappedTable {
  readonly index: number;
  readonly survey: TableSurvey;
  readonly mappings: readonly ColumnMapping[];
  /** Names of the source columns, mapped ones renamed. */
  readonly names: readonly string[];
  /** What is in the columns without the rows that are left out; absent where none are. */
  readonly kept?: readonly ColumnSurvey[];
}

/** What is in the columns of a table as it is written. */
export const writtenColumns = ({ kept, survey }: MappedTable): readonly ColumnSurvey[] =>
  kept ?? survey.columns;

/** What happens to the cells of one source column. `slot` is its output column, -1 where it is left out. */
export interface ColumnPlan {
  readonly name: string;
  readonly slot: number;
  readonly asText: boolean;
  /** A number that is shown as a name counts as a number here. */
  readonly asNumber: boolean;
  readonly read: CellReader | undefined;
  readonly onUnreadable: OnUnreadable;
  /** Which of the watched values of a row it is, -1 for none. */
  readonly watch: number;
}

/** A column that is made of others of the same row. */
export interface MadePlan extends Pick<ColumnPlan, 'name' | 'slot' | 'onUnreadable' | 'watch'> {
  readonly make: RowReader;
}

export interface CheckPlan {
  readonly name: string;
  readonly check: FieldCheck | undefined;
  readonly unreadable: (value: Exclude<PlainValue, null>) => Issue;
  readonly slot: number;
}

/** How one or, where tables are merged, several tables are written below one header row. */
export interface RenderPlan {
  readonly header: readonly string[];
  readonly parts: readonly { readonly table: MappedTable; readonly columns: readonly ColumnPlan[] }[];
  /** In the order in which they are made. */
  readonly made: readonly MadePlan[];
  /** Fields whose values are at hand while a row is written: those of the checks first, in their order. */
  readonly watched: readonly string[];
  readonly checks: readonly CheckPlan[];
  /** Fields of columns that have no column for their issues, and want one where there are any. */
  readonly unsure: ReadonlySet<string>;
  /** Whether a row may be left out because of what is in it. */
  readonly canFailRows: boolean;
  readonly hasIssuesSlot: number;
  readonly issueCountSlot: number;
  /** All columns before any was left out. */
  readonly names: readonly string[];
}

/** Fields with a rule of the kind that a table has no column for: each gets an empty one at the end. */
function missing(
  names: readonly string[],
  rules: ReadonlyMap<string, FieldRules>,
  hasRule: (rule: FieldRules) => boolean,
): string[] {
  return [...rules.values()]
    .filter((rule) => hasRule(rule) && !names.includes(rule.field.name))
    .map((rule) => rule.field.name);
}

/** Fields that a table has no column for and that are made of fields that it has. */
function makeable(names: readonly string[], rules: ReadonlyMap<string, FieldRules>): string[] {
  const there = new Set(names);
  for (const { field, reader } of rules.values()) {
    if (reader.make !== null && fieldsLookedAt(field).some((name) => there.has(name))) there.add(field.name);
  }
  return [...there].slice(names.length);
}

/** Fields in the order their rules run: those of the table from left to right, then the others. */
function ruleOrder(names: readonly string[], rules: ReadonlyMap<string, FieldRules>): FieldRules[] {
  const order = new Set([...names.filter((name) => rules.has(name)), ...rules.keys()]);
  return [...order].flatMap((name) => rules.get(name) ?? []);
}

/** Whether a number that is shown as a name counts as a number in a column. */
const takesNumbers = (name: string, rules: ReadonlyMap<string, FieldRules>): boolean =>
  NUMBER_TYPES.has(rules.get(name)?.field.dtype ?? '');

function mixedColumns(tables: readonly MappedTable[], rules: ReadonlyMap<string, FieldRules>): Set<string> {
  const kinds = new Map<string, { text: boolean; other: boolean }>();
  const read = new Set<string>();
  for (const table of tables) {
    const { names } = table;
    writtenColumns(table).forEach(({ hasText, hasShown, hasOther, evidence }, index) => {
      const name = names[index] ?? '';
      const field = rules.get(name)?.field;
      const isTyped = evidence !== undefined && (field?.dtype ?? 'string') !== 'string';
      // Such a column is read cell by cell: a text among numbers must not make texts of them, which a step would
      // then read as if somebody had written them so.
      if (isTyped || field?.transforms.some(({ number, date }) => number ?? date)) read.add(name);
      const kind = kinds.get(name) ?? { text: false, other: false };
      const isNumber = takesNumbers(name, rules);
      kinds.set(name, {
        text: kind.text || hasText || (hasShown && !isNumber),
        other: kind.other || hasOther || (hasShown && isNumber),
      });
    });
  }
  return new Set(
    [...kinds].filter(([name, { text, other }]) => text && other && !read.has(name)).map(([name]) => name),
  );
}

/** Fields with checks, then those that they and steps look at, and those that are made. */
function watchedFields(
  checked: readonly FieldRules[],
  names: readonly string[],
  rules: ReadonlyMap<string, FieldRules>,
): string[] {
  const others = [...rules.values()].flatMap(({ field, reader }) => [
    ...fieldsLookedAt(field),
    ...(reader.make === null ? [] : [field.name]),
  ]);
  return [
    ...new Set([...checked.map(({ field }) => field.name), ...others.filter((name) => names.includes(name))]),
  ];
}

function unreadable(field: Field): CheckPlan['unreadable'] {
  const wanted = wantedOf(field);
  return (value) => ({
    code: 'unreadable_value',
    message: `${field.label ?? field.name} cannot be read as ${wanted}: ${textOf(value).trim()}`,
  });
}

/**
 * Plans the output of tables that share one header row; usually it is one table. `unread` are fields with values
 * that cannot be read, as far as somebody looked: see `unsure`.
 */
export function planTables(
  tables: readonly MappedTable[],
  rules: ReadonlyMap<string, FieldRules>,
  settings: Settings,
  unread: ReadonlySet<string> = NONE,
): RenderPlan {
  const perTable = tables.map((table) => {
    const names = [...table.names, ...makeable(table.names, rules)];
    if (!settings.addMissingColumns) return names;
    const transformed = [...names, ...missing(names, rules, ({ field }) => field.transforms.length > 0)];
    return [...transformed, ...missing(transformed, rules, ({ check }) => check !== undefined)];
  });
  const names = [...new Set(perTable.flat())];
  const checked = ruleOrder(names, rules).filter(
    ({ field, check, reader }) => check !== undefined || (reader.canFail && names.includes(field.name)),
  );
  const told = checked.filter(
    ({ field, check, reader }) => check !== undefined || reader.make !== null || unread.has(field.name),
  );
  const quiet = checked.filter((rule) => !told.includes(rule)).map(({ field }) => field.name);
  const diagnostics = [...told.map(({ field }) => ISSUE_PREFIX + field.name), HAS_ISSUES, ISSUE_COUNT];
  const all = [...names, ...diagnostics];
  const header = all.filter((name) => {
    if (name.startsWith(RESERVED_PREFIX)) return settings.writeDiagnosticsColumns;
    return !settings.removeUnmappedColumns || rules.has(name);
  });
  const slots = new Map(header.map((name, slot) => [name, slot]));
  const slotOf = (name: string): number => slots.get(name) ?? -1;
  const watched = watchedFields(checked, names, rules);
  const watchOf = new Map(watched.map((name, index) => [name, index]));
  const mixed = mixedColumns(tables, rules);
  return {
    header,
    names: all,
    parts: tables.map((table) => ({
      table,
      columns: table.names.map((name, index) => ({
        name,
        slot: rules.get(name)?.reader.make ? -1 : slotOf(name),
        asText: mixed.has(name),
        asNumber: takesNumbers(name, rules),
        read: rules.get(name)?.reader.of(writtenColumns(table)[index]?.evidence),
        onUnreadable: rules.get(name)?.reader.make ? 'keep' : (rules.get(name)?.onUnreadable ?? 'keep'),
        watch: watchOf.get(name) ?? -1,
      })),
    })),
    made: [...rules.values()].flatMap(({ field, reader, onUnreadable }) =>
      reader.make === null || !names.includes(field.name)
        ? []
        : [
            {
              name: field.name,
              make: reader.make,
              onUnreadable,
              slot: slotOf(field.name),
              watch: watchOf.get(field.name) ?? -1,
            },
          ],
    ),
    watched,
    checks: checked.map(({ field, check }) => ({
      name: field.name,
      check: check?.(),
      unreadable: unreadable(field),
      slot: slotOf(ISSUE_PREFIX + field.name),
    })),
    unsure: new Set(settings.writeDiagnosticsColumns ? quiet : []),
    canFailRows: checked.some(({ reader, onUnreadable }) => reader.canFail && onUnreadable === 'failRow'),
    hasIssuesSlot: slotOf(HAS_ISSUES),
    issueCountSlot: slotOf(ISSUE_COUNT),
  };
}
