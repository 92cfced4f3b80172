import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { argumentOf, type Command, Complaint, optional } from './command.ts';
import { writeJson } from './json-file.ts';
import { counted } from './print.ts';

const ARGUMENT = 'file';

export const importConfiguration: Command = {
  usage: 'config import <file> [--out <definition.json>]',
  summary: 'Make a definition of a JSON Schema, or of a table with a field in each row',
  notes:
    'A table (CSV or workbook) has columns name, dtype, label, headers, required, unique, oneOf, pattern, min, max, minLength, maxLength, checksum, list, similarity, transforms; several headers, values or steps in a cell are parted by |. Nothing is stored, and no platform is asked: the definition goes into the file of --out, which config publish --file takes. An existing file is not overwritten.',
  options: { out: { type: 'string' } },
  argument: ARGUMENT,
  async act(values) {
    const file = argumentOf(values, ARGUMENT);
    const out = optional(values, 'out');
    const { definition, ignored } = await definitionOf(file);
    if (out === undefined) return { result: definition, sentence: JSON.stringify(definition, null, 2) };
    await writeJson(out, definition);
    const left = ignored.length === 0 ? '' : ` Left out, as no rule says it: ${ignored.join(', ')}.`;
    return {
      result: definition,
      sentence: `${counted(definition.fields.length, 'field')} in ${out}: runplane config publish --file ${out} puts them in force.${left}`,
    };
  },
};

/** @throws Complaint that names the place in the file, or in what was made of it. */
async function definitionOf(file: string) {
  const [{ importFields }, { ImportProblem }, { SpreadsheetFailure }, { checkDefinition }] =
    await Promise.all([
      import('../../lib/spreadsheets/import-fields/import-fields.ts'),
      import('../../lib/spreadsheets/import-fields/import-problem.ts'),
      import('../../lib/spreadsheets/failure.ts'),
      import('../../lib/apis/workspace-runs/configurations/configuration-rules.ts'),
    ]);
  try {
    const { fields, ignored } = await importFields(basename(file), await bytesOf(file));
    const definition = { fields };
    const { errors } = await checkDefinition(definition);
    if (errors.length === 0) return { definition, ignored };
    const wrong = errors.map(({ path, message }) => {
      const no = /^fields\[(\d+)\]/.exec(path ?? '')?.[1];
      const name = no === undefined ? '' : ` (${fields[Number(no)]?.name})`;
      return `${path ?? 'definition'}${name}: ${message}`;
    });
    throw new Complaint(`${file} makes no valid definition (${wrong.join('; ')}), so nothing was written.`);
  } catch (error) {
    if (error instanceof ImportProblem || error instanceof SpreadsheetFailure)
      throw new Complaint(`${file}: ${error.message}`);
    throw error;
  }
}

async function bytesOf(file: string): Promise<Uint8Array> {
  try {
    return await readFile(file);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : undefined;
    if (code === undefined) throw error;
    throw new Complaint(
      code === 'ENOENT' ? `There is no file ${file}.` : `${file} cannot be read (${code}).`,
      2,
    );
  }
}
