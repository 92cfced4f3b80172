import { type CellValue, headerText } from '../cells.ts';
import type { Configuration } from '../configuration.ts';
import type { ColumnSurvey } from '../detect/column-survey.ts';
import { RuleBudget } from '../rule-budget.ts';
import { CLOSENESS, type Closeness, HeaderRules, takeApart } from './header-rules.ts';
import { type MatchValues, valueRules } from './value-rules.ts';

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
  /** Why it got its field, in words; null where it got none. */
  readonly mappingReason: string | null;
  /** The best field that it did not get. */
  readonly runnerUp: Candidate | null;
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

/** A field a column could be. Of equal scores the closer header is first, then the name. */
interface Claim extends Candidate {
  readonly closeness: Closeness;
  readonly reason: string;
}

// Values alone are as close as words: which of the two a field goes by is its configuration's business.
const BY_VALUES = CLOSENESS.words;

const isWhole = ({ closeness, score }: Claim): boolean => closeness === CLOSENESS.whole && score > 0;

const wholeFirst = (a: Claim, b: Claim): number => Number(isWhole(b)) - Number(isWhole(a));

const byRank = (a: Claim, b: Claim): number =>
  wholeFirst(a, b) ||
  b.score - a.score ||
  a.closeness - b.closeness ||
  (a.field < b.field ? -1 : a.field > b.field ? 1 : 0);

/** Matched values in percent; a hundred only if all of them are. */
const valuesReason = (share: number): string => `values ${Math.floor(share * 100)} % match`;

const candidate = ({ field, score }: Claim): Candidate => ({ field, score });

interface FieldMatcher {
  readonly name: string;
  readonly header: HeaderRules;
  readonly values: MatchValues;
}

/** Decides which column is which field, from headers and, where the configuration has patterns, from values. */
export class ColumnMapper {
  readonly #fields: readonly FieldMatcher[];
  readonly #budget: RuleBudget;
  readonly #ties: 'leftmost' | 'leave_unmapped';
  readonly #minimumScore: number;

  constructor(configuration: Configuration, budget = new RuleBudget()) {
    const { fields, settings } = configuration;
    this.#fields = fields.map((field) => ({
      name: field.name,
      header: new HeaderRules(field, budget),
      values: valueRules(field, budget),
    }));
    this.#budget = budget;
    this.#ties = settings.mappingTieResolution;
    this.#minimumScore = settings.minimumScore;
  }

  map(headers: readonly CellValue[], columns: readonly ColumnSurvey[]): ColumnMapping[] {
    const scored = columns.map(({ sample }, index) => {
      const raw = headerText(headers[index] ?? null);
      return { index, raw, claims: this.#claims(raw, sample) };
    });
    const best = new Map<number, Claim>();
    for (const { index, claims } of scored) {
      const [first] = claims;
      if (first !== undefined && first.score > 0 && first.score >= this.#minimumScore) best.set(index, first);
    }
    const winners = this.#winners(best);
    return scored.map(({ index, raw, claims }): ColumnMapping => {
      const won = winners.has(index) ? best.get(index) : undefined;
      const [next] = claims.filter((claim) => claim !== won && claim.score > 0);
      return {
        index,
        raw,
        normalized: normalizeHeader(raw),
        scores: claims.map(candidate),
        mapped: won === undefined ? null : candidate(won),
        mappingReason: won?.reason ?? null,
        runnerUp: next === undefined ? null : candidate(next),
        unmappedReason: won === undefined ? reason(raw, best.has(index), next !== undefined) : null,
      };
    });
  }

  #claims(raw: string | null, sample: readonly string[]): Claim[] {
    const header = takeApart(raw, this.#budget);
    const claims: Claim[] = [];
    for (const { name, header: rules, values } of this.#fields) {
      const byValues = values(sample);
      const byHeader = rules.match(header);
      const score = byValues.score + (byHeader?.score ?? 0);
      if (score === 0) continue;
      const closeness = byHeader?.closeness ?? BY_VALUES;
      claims.push({
        field: name,
        score,
        closeness,
        reason: byHeader?.reason ?? valuesReason(byValues.share),
      });
    }
    return claims.sort(byRank);
  }

  /**
   * The columns that keep their field where several claim it: one whose whole header is named, else the best that
   * is no near miss, else the best near miss; of equals the leftmost.
   */
  #winners(best: ReadonlyMap<number, Claim>): Set<number> {
    const claims = new Map<string, [number, Claim][]>();
    for (const entry of best) {
      const field = entry[1].field;
      const rivals = claims.get(field);
      if (rivals === undefined) claims.set(field, [entry]);
      else rivals.push(entry);
    }
    const winners = new Set<number>();
    for (const all of claims.values()) {
      const rivals = equals(all);
      if (rivals.length > 1 && this.#ties === 'leave_unmapped') continue;
      const [winner] = rivals.sort((a, b) => b[1].score - a[1].score || a[0] - b[0]);
      if (winner !== undefined) winners.add(winner[0]);
    }
    return winners;
  }
}

/** Rivals for a field that can take it from one another: a header named whole, or what is no near miss, only its like. */
function equals(rivals: [number, Claim][]): [number, Claim][] {
  const whole = rivals.filter(([, claim]) => isWhole(claim));
  if (whole.length > 0) return whole;
  const sure = rivals.filter(([, { closeness }]) => closeness !== CLOSENESS.similar);
  return sure.length > 0 ? sure : rivals;
}

function reason(raw: string | null, lostItsField: boolean, hasSignal: boolean): UnmappedReason {
  if (hasSignal && !lostItsField) return 'below_threshold';
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
