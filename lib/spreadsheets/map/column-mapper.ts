import { type CellValue, headerText } from '../cells.ts';
import type { Configuration, Field } from '../configuration.ts';
import type { ColumnSurvey } from '../detect/column-survey.ts';
import { Pattern } from '../patterns.ts';
import { RuleBudget } from '../rule-budget.ts';

export type UnmappedReason =
  | 'no_signal'
  | 'below_threshold'
  | 'duplicate_field'
  | 'empty_or_placeholder_header';

export interface Candidate {
  readonly field: string;
  readonly score: number;
}

/** What became of one column of a table. */
export interface ColumnMapping {
  readonly index: number;
  readonly raw: string | null;
  readonly normalized: string | null;
  /** Every field's score, best first. */
  readonly scores: readonly Candidate[];
  readonly mapped: Candidate | null;
  readonly unmappedReason: UnmappedReason | null;
}

const PLACEHOLDERS = new Set(['n/a', 'na', 'none', 'null']);

function isPlaceholder(raw: string | null): boolean {
  if (raw === null) return true;
  const lower = raw.toLowerCase();
  return PLACEHOLDERS.has(lower) || lower.startsWith('unnamed');
}

/** A header as an identifier: `Hire Date` is `hire_date`. Null if nothing is left of it. */
export function normalizeHeader(raw: string | null): string | null {
  const parts = raw?.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? null;
  return parts === null ? null : parts.join('_');
}

type ValueScore = (sample: readonly string[]) => number;

function valueScore({ valuePatterns }: Field, budget: RuleBudget): ValueScore {
  const patterns = valuePatterns.map((rule) => ({
    ...rule,
    regex: new Pattern(rule.pattern, budget, 'map'),
  }));
  return (sample) => {
    if (sample.length === 0) return 0;
    let total = 0;
    for (const { regex, score, minShare } of patterns) {
      const share = sample.filter((value) => regex.matches(value)).length / sample.length;
      if (share >= minShare) total += score * share;
    }
    return total;
  };
}

const contains = (sets: readonly (readonly string[])[], tokens: ReadonlySet<string>): boolean =>
  sets.some((set) => set.every((token) => tokens.has(token)));

const tokenSetsOf = ({ headerTokenSets, weakTokenSets }: Field): number =>
  1 + headerTokenSets.length + weakTokenSets.length;

const byScoreThenName = (a: Candidate, b: Candidate): number =>
  b.score - a.score || (a.field < b.field ? -1 : a.field > b.field ? 1 : 0);

/** Decides which column is which field, from headers and, where the configuration has patterns, from values. */
export class ColumnMapper {
  readonly #fields: readonly { field: Field; values: ValueScore }[];
  readonly #budget: RuleBudget;
  /** What a header is compared with. */
  readonly #tokenSets: number;
  readonly #ties: 'leftmost' | 'leave_unmapped';

  constructor(configuration: Configuration, budget = new RuleBudget()) {
    const { fields } = configuration;
    this.#fields = fields.map((field) => ({ field, values: valueScore(field, budget) }));
    this.#budget = budget;
    this.#tokenSets = fields.reduce((sum, field) => sum + tokenSetsOf(field), 0);
    this.#ties = configuration.settings.mappingTieResolution;
  }

  map(headers: readonly CellValue[], columns: readonly ColumnSurvey[]): ColumnMapping[] {
    const scored = columns.map(({ sample }, index) => {
      const raw = headerText(headers[index] ?? null);
      return { index, raw, scores: this.#scores(raw, sample) };
    });
    const best = new Map<number, Candidate>();
    for (const { index, scores } of scored) {
      const first = scores[0];
      if (first !== undefined && first.score > 0) best.set(index, first);
    }
    const winners = this.#winners(best);
    return scored.map(({ index, raw, scores }): ColumnMapping => {
      const mapped = winners.has(index) ? (best.get(index) ?? null) : null;
      const unmappedReason = mapped === null ? reason(raw, best.has(index)) : null;
      return { index, raw, normalized: normalizeHeader(raw), scores, mapped, unmappedReason };
    });
  }

  #scores(raw: string | null, sample: readonly string[]): Candidate[] {
    this.#budget.spend(this.#tokenSets, 'map');
    const tokens = new Set(raw?.toLowerCase().match(/[a-z0-9]+/g) ?? []);
    const scores: Candidate[] = [];
    for (const { field, values } of this.#fields) {
      let score = values(sample);
      if (contains(field.headerTokenSets, tokens)) score += field.score;
      else if (contains(field.weakTokenSets, tokens)) score += field.weakScore;
      if (score !== 0) scores.push({ field: field.name, score });
    }
    return scores.sort(byScoreThenName);
  }

  /** The columns that keep their field where several claim it: the best, and of equals the leftmost. */
  #winners(best: ReadonlyMap<number, Candidate>): Set<number> {
    const claims = new Map<string, [number, Candidate][]>();
    for (const entry of best) {
      const field = entry[1].field;
      const rivals = claims.get(field);
      if (rivals === undefined) claims.set(field, [entry]);
      else rivals.push(entry);
    }
    const winners = new Set<number>();
    for (const rivals of claims.values()) {
      if (rivals.length > 1 && this.#ties === 'leave_unmapped') continue;
      const [winner] = rivals.sort((a, b) => b[1].score - a[1].score || a[0] - b[0]);
      if (winner !== undefined) winners.add(winner[0]);
    }
    return winners;
  }
}

function reason(raw: string | null, lostItsField: boolean): UnmappedReason {
  if (isPlaceholder(raw)) return 'empty_or_placeholder_header';
  return lostItsField ? 'duplicate_field' : 'no_signal';
}

/** Names of a table's columns: the header or `col_<n>`, and `__2`, `__3` where a name is there again. */
export function columnNames(mappings: readonly ColumnMapping[]): string[] {
  const seen = new Map<string, number>();
  return mappings.map(({ raw, index }) => {
    const base = raw ?? `col_${index + 1}`;
    const count = (seen.get(base) ?? 0) + 1;
    seen.set(base, count);
    return count === 1 ? base : `${base}__${count}`;
  });
}

export interface Collision {
  readonly source_index: number;
  readonly from_name: string;
  readonly to_name: string;
}

/**
 * Renames mapped columns to their fields. A rename is skipped where a column of that name is already there,
 * be it the column itself; the collisions say which.
 */
export function renameMapped(
  names: readonly string[],
  mappings: readonly ColumnMapping[],
): { names: string[]; collisions: Collision[] } {
  const renamed = [...names];
  const taken = new Set(names);
  const collisions: Collision[] = [];
  for (const { index, mapped } of mappings) {
    const from = names[index];
    if (mapped === null || from === undefined) continue;
    if (taken.has(mapped.field)) {
      collisions.push({ source_index: index, from_name: from, to_name: mapped.field });
      continue;
    }
    taken.delete(from);
    taken.add(mapped.field);
    renamed[index] = mapped.field;
  }
  return { names: renamed, collisions };
}
