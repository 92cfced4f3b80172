import { expect, it } from 'vitest';
import { readConfiguration } from '../../../lib/spreadsheets/index.ts';

it.each([
  ['total', '"total" is none of "blank", "repeatedHeader", "totals", "notes": did you mean "totals"?'],
  [{ colum: 'a', matches: 'b' }, 'There is no member "colum": did you mean "column"?'],
])('what may be a word or an object is refused with the nearest: %j', async (drop, message) => {
  const { error } = await readConfiguration({ fields: [], rowRules: [{ drop }] });

  expect(error?.issues.map(({ path, message: said }) => [path.join('.'), said])).toEqual([
    ['rowRules.0.drop', message],
  ]);
});
