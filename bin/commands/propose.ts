import { basename } from 'node:path';
import type { Proposal, ProposedTable } from '../../lib/spreadsheets/propose/propose.ts';
import { withApi } from './api.ts';
import { argumentsOf, type Command, Complaint, oneOf, optional, type Terminal } from './command.ts';
import { writeJson } from './json-file.ts';
import { columns, counted, printable } from './print.ts';

const ARGUMENT = 'file';

type Proposed = Pick<Proposal, 'definition' | 'documents' | 'findings'>;

export const proposeDefinition: Command = {
  usage: 'config propose <file>… | --document <id>… [--out <definition.json>] [--tables regions|ade]',
  summary: 'Propose a configuration for files as these, with the reasons for it',
  notes:
    'Files are looked at here, without a platform; documents of the workspace, by --document, are looked at there. Nothing is stored: the definition goes into the file of --out, which config publish --file takes, after you have read and changed it. An existing file is not overwritten. With --json, the whole proposal.',
  options: {
    document: { type: 'string', multiple: true },
    out: { type: 'string' },
    tables: { type: 'string' },
  },
  argument: ARGUMENT,
  isRepeated: true,
  async act(values, terminal) {
    const tables = oneOf(values, 'tables', ['regions', 'ade']) ?? 'regions';
    const out = optional(values, 'out');
    const ids = Array.isArray(values.document) ? values.document.map(String) : [];
    const typed = values[ARGUMENT];
    if (ids.length > 0 && Array.isArray(typed) && typed.length > 0)
      throw new Complaint('Name files, or documents by --document, and not both.', 2);
    const proposed =
      ids.length > 0
        ? await withApi(values, terminal, ({ workspace }) =>
            workspace.proposeConfiguration({ documentIds: ids, tableDetection: tables }),
          )
        : await ofFiles(argumentsOf(values, ARGUMENT), tables);
    if (out !== undefined) await writeJson(out, proposed.definition);
    if (values.json !== true) tell(proposed, terminal);
    return { result: proposed, sentence: sentenceOf(proposed, out) };
  },
};

async function ofFiles(files: readonly string[], tables: 'regions' | 'ade'): Promise<Proposed> {
  const [{ proposeConfiguration }, { bytesOf }, { SpreadsheetFailure }] = await Promise.all([
    import('../../lib/spreadsheets/propose/propose.ts'),
    import('./file-bytes.ts'),
    import('../../lib/spreadsheets/failure.ts'),
  ]);
  try {
    const examples = [];
    for (const file of files) examples.push({ id: file, name: basename(file), bytes: await bytesOf(file) });
    return await proposeConfiguration(examples, tables);
  } catch (error) {
    if (error instanceof SpreadsheetFailure) throw new Complaint(error.message);
    throw error;
  }
}

function tell({ documents, findings }: Proposed, { write: put }: Pick<Terminal, 'write'>): void {
  const line = (text: string): void => put(`${printable(text)}\n`);
  for (const { documentId, sheets } of documents) {
    line(documentId);
    for (const { name, use, tables } of sheets) {
      line(`  sheet ${name}${use ? '' : ': left out, it holds no data'}`);
      for (const table of tables) line(tableText(table));
    }
  }
  for (const { code, message } of findings) line(`  ${code}: ${message}`);
}

function tableText({ range, columns: listed }: ProposedTable): string {
  const rows = listed.map(({ column, header, field, type, kind, reasons }) => [
    `      ${column}`,
    field ?? '-',
    kind === null ? type : `${type}, ${kind}`,
    (header ?? '').replaceAll('\n', ' '),
    reasons.join('; ').replaceAll('\n', ' '),
  ]);
  return `    table ${range}\n${columns(rows)}`;
}

function sentenceOf({ definition }: Proposed, out: string | undefined): string {
  const fields: unknown = Reflect.get(definition, 'fields');
  const count = Array.isArray(fields) ? fields.length : 0;
  const next =
    out === undefined
      ? '--out writes the definition into a file.'
      : `The definition is in ${out}: runplane run <file> --local --config ${out} tries it, runplane config publish --file ${out} puts it in force.`;
  return `${counted(count, 'field')}. ${next}`;
}
