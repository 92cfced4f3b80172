import { describe, expect, it } from 'vitest';
import { readConfiguration } from '../../../lib/spreadsheets/configuration.ts';
import { nearestName } from '../../../lib/spreadsheets/words/suggest.ts';

const messages = async (definition: unknown): Promise<string[]> =>
  (await readConfiguration(definition)).error?.issues.map(({ message }) => message) ?? [];

describe('what a definition gets wrong', () => {
  it.each([
    [{ fields: [], setings: {} }, 'There is no member "setings": did you mean "settings"?'],
    [
      { fields: [{ name: 'a', header_token_sets: [] }] },
      'There is no member "header_token_sets": did you mean "headerTokenSets"?',
    ],
    [{ fields: [{ name: 'a', header: [] }] }, 'There is no member "header": did you mean "headers"?'],
    [
      { fields: [], settings: { mergeTables: true } },
      'There is no member "mergeTables": did you mean "mergeTablesInSheet"?',
    ],
    [{ fields: [], a: 1, 'b\n': 2 }, 'There is no member "a"\nThere is no member "b\\n"'],
    [
      { fields: [{ name: 'a', dtype: 'integre' }] },
      '"integre" is none of "string", "integer", "number", "boolean", "date", "datetime": did you mean "integer"?',
    ],
    [
      { fields: [], rowRules: [{ drop: 'total' }] },
      '"total" is none of "blank", "repeatedHeader", "totals", "notes": did you mean "totals"?',
    ],
    [
      { fields: [], rowRules: [{ drop: { colum: 'a', matches: 'x' } }] },
      'There is no member "colum": did you mean "column"?',
    ],
    [{ fields: [], settings: { hiddenRows: 'drop' } }, '"drop" is none of "keep", "skip"'],
    [{ fields: [{ name: 'a', transforms: ['trimm'] }] }, 'There is no member "trimm": did you mean "trim"?'],
    [
      { fields: [{ name: 'a', transforms: [{ case: 'Upper' }] }] },
      '"Upper" is none of "upper", "lower", "title": did you mean "upper"?',
    ],
    [
      {
        fields: [
          { name: 'a', headers: ['Mail'] },
          { name: 'b', headers: ['ＭＡＩＬ'] },
        ],
      },
      '"ＭＡＩＬ" is a header of a already: a whole header names one field',
    ],
    [
      { fields: [{ name: 'a', headers: [' '] }] },
      'must not be blank: write a header as it stands in the file',
    ],
    [
      { fields: [{ name: 'a', headerTokenSets: [['E-Mail']] }] },
      '"E-Mail" is 2 words: write "e", "mail" (lower-case is the same)',
    ],
  ])('%j', async (definition, message) => {
    expect(await messages(definition)).toContain(message);
  });

  it('refuses a similarity or a minimum that is none', async () => {
    expect(await messages({ fields: [{ name: 'a', similarity: 1.1 }] })).toHaveLength(1);
    expect(await messages({ fields: [], settings: { minimumScore: -1 } })).toHaveLength(1);
  });

  it('compares nothing that is too long to be a slip', () => {
    expect(nearestName('a'.repeat(1_000_000), ['aaa'])).toBeUndefined();
  });
});
