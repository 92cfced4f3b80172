import type { Settings } from '../configuration.ts';
import type { TableSurvey } from '../detect/table-detector.ts';
import type { ColumnMapping } from '../map/column-mapper.ts';
import type { ValueTransform } from '../transform/transforms.ts';
import type { ValueCheck } from '../transform/validators.ts';
import type { FieldRules } from './field-rules.ts';

export const ISSUE_PREFIX = '__ade_issue__';
export const HAS_ISSUES = '__ade_has_issues';
export const ISSUE_COUNT = '__ade_issue_count';
const RESERVED_PREFIX = '__ade_';
const NUMBER_TYPES: ReadonlySet<string> = new Set(['integer', 'number']);

/** A detected table with its columns mapped and renamed. */
export interface MappedTable {
  readonly index: number;
  readonly survey: TableSurvey;
  readonly mappings: readonly ColumnMapping[];
  /** Names of the source columns, mapped ones renamed. */
  readonly names: readonly string[];
}

/** What happens to the cells of one source column. `slot` is its output column, -1 where it is left out. */
export interface ColumnPlan {
  readonly name: string;
  readonly slot: number;
  readonly asText: boolean;
  /** A number that is shown as a name counts as a number here. */
  readonly asNumber: boolean;
  readonly transform: ValueTransform | undefined;
  /** Which check looks at the value, -1 for none. */
  readonly check: number;
}

export interface CheckPlan {
  readonly name: string;
  readonly check: ValueCheck;
  readonly slot: number;
}

/** How one or, where tables are merged, several tables are written below one header row. */
export interface RenderPlan {
  readonly header: readonly string[];
  readonly parts: readonly { readonly table: MappedTable; readonly columns: readonly ColumnPlan[] }[];
  readonly checks: readonly CheckPlan[];
  readonly hasIssuesSlot: number;
  readonly issueCountSlot: number;
  /** All columns before any was left out. */
  readonly names: readonly string[];
}

/** Fields with a rule of the kind that a table has no column for: each gets an empty one at the end. */
function missing(
  names: readonly string[],
  rules: ReadonlyMap<string, FieldRules>,
  kind: 'transform' | 'check',
): string[] {
  return [...rules.values()]
    .filter((rule) => rule[kind] !== undefined && !names.includes(rule.field.name))
    .map((rule) => rule.field.name);
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
  for (const { survey, names } of tables) {
    survey.columns.forEach(({ hasText, hasShown, hasOther }, index) => {
      const name = names[index] ?? '';
      const kind = kinds.get(name) ?? { text: false, other: false };
      const isNumber = takesNumbers(name, rules);
      kinds.set(name, {
        text: kind.text || hasText || (hasShown && !isNumber),
        other: kind.other || hasOther || (hasShown && isNumber),
      });
    });
  }
  return new Set([...kinds].filter(([, { text, other }]) => text && other).map(([name]) => name));
}

/** Plans the output of tables that share one header row; usually it is one table. */
export function planTables(
  tables: readonly MappedTable[],
  rules: ReadonlyMap<string, FieldRules>,
  settings: Settings,
): RenderPlan {
  const perTable = tables.map(({ names }) => {
    if (!settings.addMissingColumns) return names;
    const transformed = [...names, ...missing(names, rules, 'transform')];
    return [...transformed, ...missing(transformed, rules, 'check')];
  });
  const names = [...new Set(perTable.flat())];
  const checked = ruleOrder(names, rules).filter(({ check }) => check !== undefined);
  const diagnostics = [...checked.map(({ field }) => ISSUE_PREFIX + field.name), HAS_ISSUES, ISSUE_COUNT];
  const all = [...names, ...diagnostics];
  const header = all.filter((name) => {
    if (name.startsWith(RESERVED_PREFIX)) return settings.writeDiagnosticsColumns;
    return !settings.removeUnmappedColumns || rules.has(name);
  });
  const slots = new Map(header.map((name, slot) => [name, slot]));
  const slotOf = (name: string): number => slots.get(name) ?? -1;
  const checkIndex = new Map(checked.map(({ field }, index) => [field.name, index]));
  const mixed = mixedColumns(tables, rules);
  return {
    header,
    names: all,
    parts: tables.map((table) => ({
      table,
      columns: table.names.map((name) => ({
        name,
        slot: slotOf(name),
        asText: mixed.has(name),
        asNumber: takesNumbers(name, rules),
        transform: rules.get(name)?.transform,
        check: checkIndex.get(name) ?? -1,
      })),
    })),
    checks: checked.flatMap(({ field, check }) =>
      check === undefined ? [] : [{ name: field.name, check, slot: slotOf(ISSUE_PREFIX + field.name) }],
    ),
    hasIssuesSlot: slotOf(HAS_ISSUES),
    issueCountSlot: slotOf(ISSUE_COUNT),
  };
}
