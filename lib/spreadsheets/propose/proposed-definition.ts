import { MAX_WORD_CHARACTERS } from '../words/configured-word.ts';
import { foldText } from '../words/plain-text.ts';
import { wordsIn } from '../words/words.ts';
import type { ColumnProposal } from './column-proposal.ts';
import type { ProposedField } from './proposed-fields.ts';
import { DROPPABLE, type Droppable } from './table-facts.ts';

/** How near a header must be to one that was seen: less would take others' columns. */
const SIMILARITY = 0.9;

/** What values add that are written as a field's are, where a header says nothing; less than any header does. */
const VALUES_SCORE = 0.6;
const MOST_VALUES = 0.9;

/** What values alone say of their field, where no other field's are written like them. */
function valuePatternsOf(
  { proposal }: ProposedField,
  all: readonly ProposedField[],
): Record<string, unknown>[] {
  const pattern = telling(proposal);
  if (pattern === undefined || all.filter((other) => telling(other.proposal) === pattern).length > 1)
    return [];
  if (
    listedIn(proposal).some(
      (choice) => all.filter((other) => listedIn(other.proposal).includes(choice)).length > 1,
    )
  )
    return [];
  return [{ pattern, score: VALUES_SCORE, minShare: MOST_VALUES }];
}

/** Longer ones are no pattern that somebody reads, nor one that a configuration takes. */
const MAX_PATTERN = 400;

function listedIn({ validators }: ColumnProposal): string[] {
  const rule = validators.find(({ oneOf }) => Array.isArray(oneOf));
  return rule !== undefined && Array.isArray(rule.oneOf) ? rule.oneOf.map(String) : [];
}

const escaped = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');

/** A pattern that says more than that there are figures: the form of codes, or the few texts that there are. */
function telling(proposal: ColumnProposal): string | undefined {
  const { kind, validators } = proposal;
  const pattern = validators.find((rule) => typeof rule.pattern === 'string')?.pattern;
  if (typeof pattern === 'string')
    return kind === 'email' || /[A-Za-z-]/.test(pattern.replace(/\\d|\{\d+\}/g, '')) ? pattern : undefined;
  // One letter, or one figure, is the answer to many questions.
  const choices = listedIn(proposal);
  if (choices.length === 0 || choices.some((choice) => /^[\x00-\x7f]$/.test(choice))) return undefined;
  const anyOf = choices.map(escaped).join('|');
  return anyOf.length <= MAX_PATTERN ? anyOf : undefined;
}

/** Words that tell a header; none where another header has them all, and more, whose columns they would take. */
function tokensOf({ header }: ProposedField, all: readonly ProposedField[]): string[] {
  const words = wordsOf(header);
  if (
    words.length === 0 ||
    words.length > MAX_TOKENS ||
    words.some((word) => word.length > MAX_WORD_CHARACTERS)
  )
    return [];
  const isPart = all.some((other) => {
    const others = wordsOf(other.header);
    return other.header !== header && words.every((word) => others.includes(word));
  });
  return isPart ? [] : words;
}

/** A header of more words is a sentence, which no other one repeats. */
const MAX_TOKENS = 6;

const wordsOf = (header: string): string[] => [...new Set(wordsIn(foldText(header)))];

/** The definition that has these fields, and leaves out rows as these rules do. */
export function definitionOf(
  fields: readonly ProposedField[],
  dropped: ReadonlySet<Droppable>,
  settings: Record<string, unknown>,
): Record<string, unknown> {
  return {
    settings,
    rowRules: DROPPABLE.filter((reason) => dropped.has(reason)).map((drop) => ({ drop })),
    fields: fields.map((field) => {
      const { name, header, proposal } = field;
      const { type, transforms, validators } = proposal;
      const valuePatterns = valuePatternsOf(field, fields);
      const tokens = tokensOf(field, fields);
      return {
        ...{ name, label: header, dtype: type, headers: [header], similarity: SIMILARITY },
        ...(tokens.length > 0 ? { headerTokenSets: [tokens] } : {}),
        ...(valuePatterns.length > 0 ? { valuePatterns } : {}),
        ...(transforms.length > 0 ? { transforms } : {}),
        ...(validators.length > 0 ? { validators } : {}),
      };
    }),
  };
}
