import { type CellValue, headerText } from '../cells.ts';
import type { Configuration } from '../configuration.ts';
import type { ColumnSurvey } from '../detect/column-survey.ts';
import { RuleBudget } from '../rule-budget.ts';
import { type Corrected, NO_CORRECTIONS } from './corrections.ts';
import { CLOSENESS, type Closeness, HeaderRules, takeApart } from './header-rules.ts';
import { type LearnedHeader, learnedHeaders } from './learned-headers.ts';
import type { TaughtHeader } from './taught.ts';
import { type MatchValues, valueRules } from './value-rules.ts';

/** Claims that are kept of a table's columns, of each so many at least: a wide table and many fields have millions. */
const MAX_CLAIMS = 200_000;
const MIN_CLAIMS = 10;

export type UnmappedReason =
  | 'no_signal'
  | 'below_threshold'
  | 'duplicate_field'
  | 'empty_or_placeholder_header'
  // Somebody said that it is none: of this very column, or of its header.
  | 'correction'
  | 'learned';

export type MappingMethod = 'classifier' | 'correction';

export interface Candidate {
  readonly field: string;
  readonly score: number;
}

/** What became of one column of a table. */
export interface ColumnMapping {
  readonly index: number;
  readonly raw: string | null;
  readonly normalized: string | null;
  /** Every field's score, best first; of a wide table and many fields only the best. */
  readonly scores: readonly Candidate[];
  readonly mapped: Candidate | null;
  /** Who decided; null where nobody gave it a field or said that it is none. */
  readonly method: MappingMethod | null;
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

/**
 * What people have said stands between rules: a correction above all, what was learned below the rules that name
 * every word of a header. Where nobody has said anything, it tells nothing apart.
 */
const STANDING = { correction: 0, whole: 1, allWords: 2, learned: 3, rules: 4 } as const;

/** A field a column could be. Of equal scores the closer header is first, then the name. */
interface Claim extends Candidate {
  readonly standing: (typeof STANDING)[keyof typeof STANDING];
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

const isTold = ({ standing }: Claim): boolean =>
  standing === STANDING.correction || standing === STANDING.learned;

const byStanding = (a: Claim, b: Claim): number => a.standing - b.standing || byRank(a, b);

/** Matched values in percent; a hundred only if all of them are. */
const valuesReason = (share: number): string => `values ${Math.floor(share * 100)} % match`;

const candidate = ({ field, score }: Claim): Candidate => ({ field, score });

/** A column with all that it could be; `none` says who knows that it is nothing of that. */
interface Scored {
  readonly index: number;
  readonly raw: string | null;
  readonly claims: readonly Claim[];
  readonly none: 'correction' | 'learned' | null;
}

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
  readonly #learned: ReadonlyMap<string, LearnedHeader>;

  constructor(
    configuration: Configuration,
    budget = new RuleBudget(),
    taughtHeaders: readonly TaughtHeader[] = [],
  ) {
    const { fields, settings } = configuration;
    this.#learned = learnedHeaders(taughtHeaders, new Set(fields.map(({ name }) => name)));
    this.#fields = fields.map((field) => ({
      name: field.name,
      header: new HeaderRules(field, budget),
      values: valueRules(field, budget),
    }));
    this.#budget = budget;
    this.#ties = settings.mappingTieResolution;
    this.#minimumScore = settings.minimumScore;
  }

  map(
    headers: readonly CellValue[],
    columns: readonly ColumnSurvey[],
    corrected: Corrected = NO_CORRECTIONS,
  ): ColumnMapping[] {
    const most = Math.max(MIN_CLAIMS, Math.floor(MAX_CLAIMS / columns.length));
    const scored = columns.map(({ sample }, index): Scored => {
      const raw = headerText(headers[index] ?? null);
      const found = this.#claims(raw, sample, corrected.get(index));
      return { index, raw, ...found, claims: found.claims.slice(0, most) };
    });
    const best = new Map<number, Claim>();
    for (const { index, claims, none } of scored) {
      const [first] = claims;
      if (first !== undefined && none === null && this.#counts(first)) best.set(index, first);
    }
    const winners = this.#winners(best);
    return scored.map((column): ColumnMapping => {
      const { index, raw, claims, none } = column;
      const won = winners.has(index) ? best.get(index) : undefined;
      const [next] = claims.filter((claim) => claim !== won && claim.score > 0);
      const isCorrected = none === 'correction' || won?.standing === STANDING.correction;
      return {
        index,
        raw,
        normalized: normalizeHeader(raw),
        scores: claims.map(candidate),
        mapped: won === undefined ? null : candidate(won),
        method: isCorrected ? 'correction' : won === undefined ? null : 'classifier',
        mappingReason: won?.reason ?? null,
        runnerUp: next === undefined ? null : candidate(next),
        unmappedReason: won === undefined ? (none ?? reason(raw, best.has(index), next !== undefined)) : null,
      };
    });
  }

  /** A correction counts whatever score the settings ask for. */
  #counts({ score, standing }: Claim): boolean {
    return score > 0 && (standing === STANDING.correction || score >= this.#minimumScore);
  }

  #claims(
    raw: string | null,
    sample: readonly string[],
    correction: string | null | undefined,
  ): Pick<Scored, 'claims' | 'none'> {
    const header = takeApart(raw, this.#budget);
    const learned = this.#learned.get(header.key);
    const claims: Claim[] = [];
    for (const { name, header: rules, values } of this.#fields) {
      const byValues = values(sample);
      const byHeader = rules.match(header);
      const score = byValues.score + (byHeader?.score ?? 0);
      const told = toldOf(name, score, correction, learned);
      if (score === 0 && told === undefined) continue;
      const closeness = byHeader?.closeness ?? BY_VALUES;
      const claim = {
        field: name,
        score,
        closeness,
        reason: byHeader?.reason ?? valuesReason(byValues.share),
      };
      // Only beside what was learned does it matter whether a rule names every word.
      const standing =
        this.#learned.size === 0 || score <= 0
          ? STANDING.rules
          : closeness === CLOSENESS.whole
            ? STANDING.whole
            : rules.namesAll(header)
              ? STANDING.allWords
              : STANDING.rules;
      const ruled: Claim = { ...claim, standing };
      if (told === undefined) claims.push(ruled);
      else claims.push({ ...ruled, ...(told.standing > standing ? { score: told.score } : told) });
    }
    claims.sort(learned !== undefined || claims.some(isTold) ? byStanding : byRank);
    if (correction === null) return { claims, none: 'correction' };
    const isFirm = claims.some(({ standing }) => standing < STANDING.learned);
    return { claims, none: learned?.field === null && !isFirm ? 'learned' : null };
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

/** What people have said of a column and a field, if they have; a rule that says the same may say it louder. */
function toldOf(
  field: string,
  score: number,
  correction: string | null | undefined,
  learned: LearnedHeader | undefined,
): Pick<Claim, 'standing' | 'score' | 'reason'> | undefined {
  if (correction === field) return { standing: STANDING.correction, score: 1, reason: 'correction' };
  if (learned === undefined || learned.field === null || learned.field !== field) return undefined;
  return { standing: STANDING.learned, score: Math.max(score, learned.score), reason: 'learned' };
}

/** Rivals for a field that can take it from one another: a header named whole, or what is no near miss, only its like. */
function equals(rivals: [number, Claim][]): [number, Claim][] {
  if (rivals.some(([, claim]) => isTold(claim))) {
    const highest = Math.min(...rivals.map(([, { standing }]) => standing));
    return rivals.filter(([, { standing }]) => standing === highest);
  }
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
