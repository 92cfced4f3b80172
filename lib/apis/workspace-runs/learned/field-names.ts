import { nearestName } from '../../../spreadsheets/words/suggest.ts';
import { invalid } from '../../operation/refusal.ts';
import type { ConfigurationRecord } from '../configurations/configuration-record.ts';

/** The names of a definition's fields; a draft may be wrong, and then those that it has. */
export function fieldNamesOf({ definition }: Pick<ConfigurationRecord, 'definition'>): string[] {
  const { fields } = definition;
  if (!Array.isArray(fields)) return [];
  return fields.flatMap((field: unknown) =>
    typeof field === 'object' && field !== null && 'name' in field && typeof field.name === 'string'
      ? field.name
      : [],
  );
}

/** What is wrong with a field that a configuration has not, and the nearest that it has. */
export function unknownField(field: string, names: readonly string[]): string | undefined {
  if (names.includes(field)) return undefined;
  const nearest = nearestName(field, names);
  const meant = nearest === undefined ? '' : `: did you mean ${JSON.stringify(nearest)}?`;
  return `${JSON.stringify(field.slice(0, 100))} is no field of the configuration${meant}`;
}

/** @throws Refused 422. */
export function assertField(field: string, configuration: Pick<ConfigurationRecord, 'definition'>): void {
  const message = unknownField(field, fieldNamesOf(configuration));
  if (message !== undefined) throw invalid(message, [{ path: 'field', message, code: 'unknown_field' }]);
}
