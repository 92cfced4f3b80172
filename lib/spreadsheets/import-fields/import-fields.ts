import { fieldsOfTable } from './field-table.ts';
import { type ImportedFields, ImportProblem } from './import-problem.ts';
import { fieldsOfSchema } from './json-schema.ts';

/** Where the fields of a definition come from: a JSON Schema by its first sign, or a table of fields. */
export async function importFields(name: string, bytes: Uint8Array): Promise<ImportedFields> {
  const text = Buffer.from(bytes)
    .toString('utf8')
    .replace(/^\ufeff/, '')
    .trimStart();
  if (!text.startsWith('{') && !name.toLowerCase().endsWith('.json')) return await fieldsOfTable(name, bytes);
  try {
    return fieldsOfSchema(JSON.parse(text));
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new ImportProblem(name, `is not JSON: ${error.message}`);
  }
}
