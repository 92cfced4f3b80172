import { MAX_FIELDS } from '../configuration.ts';
import { headerKey } from '../words/words.ts';
import type { ColumnProposal } from './column-proposal.ts';
import { FieldNames } from './field-names.ts';

/** A field that several tables may have. */
export interface ProposedField {
  readonly name: string;
  readonly header: string;
  readonly proposal: ColumnProposal;
}

/** Fields by what their headers have in common. */
export class ProposedFields {
  readonly byKey = new Map<string, ProposedField>();
  readonly #names = new FieldNames();
  /** Columns for which there was no room. */
  left = 0;

  add(header: string, letter: string, proposal: ColumnProposal): ProposedField | undefined {
    const key = headerKey(header);
    const known = this.byKey.get(key);
    if (known !== undefined) {
      const joined = { ...known, proposal: joinedProposals(known.proposal, proposal) };
      this.byKey.set(key, joined);
      return joined;
    }
    if (this.byKey.size === MAX_FIELDS) {
      this.left++;
      return undefined;
    }
    const otherwise = proposal.kind ?? `column_${letter.toLowerCase()}`;
    const field = { name: this.#names.of(header, otherwise), header, proposal };
    this.byKey.set(key, field);
    return field;
  }
}

const WIDER: Partial<Record<ColumnProposal['type'], ColumnProposal['type']>> = {
  integer: 'number',
  date: 'datetime',
};

/** What holds for both of two columns that have one header. */
function joinedProposals(one: ColumnProposal, other: ColumnProposal): ColumnProposal {
  const type =
    one.type === other.type || WIDER[other.type] === one.type
      ? one.type
      : WIDER[one.type] === other.type
        ? other.type
        : 'string';
  const same = <T>(list: readonly T[], others: readonly T[]): T[] => {
    const texts = new Set(others.map((item) => JSON.stringify(item)));
    return list.filter((item) => texts.has(JSON.stringify(item)));
  };
  return {
    type,
    kind: one.kind === other.kind ? one.kind : null,
    reasons: one.reasons,
    transforms: same(one.transforms, other.transforms),
    validators: same(one.validators, other.validators),
  };
}
