import { ByteWriter, ParquetWriter } from 'hyparquet-writer';
import type { CellValue } from '../cells.ts';
import type { Output } from './byte-sink.ts';
import { columnNames } from './cell-forms.ts';
import { type ParquetColumn, parquetColumn } from './parquet-types.ts';
import type { SheetSource } from './sheet-source.ts';
import { everyRow, type SheetSurvey } from './sheet-survey.ts';

// What is held of a sheet at a time: enough that reading is quick, and a row group stays below some 50 MB. Texts
// of full length would be more, so their characters count too.
const GROUP_ROWS = 100_000;
const GROUP_CELLS = 1_000_000;
const GROUP_CHARACTERS = 16_000_000;

/** Hands its bytes on after every row group, where the package's own collects them all. */
class HandingOn extends ByteWriter {
  readonly #output: Output;

  constructor(output: Output) {
    super(64 * 1024);
    this.#output = output;
  }

  flush(): void {
    if (this.index > 0) this.#output(this.getBytes().slice());
    this.index = 0;
  }

  override finish(): void {
    this.flush();
  }
}

type Stored = ReturnType<ParquetColumn['of']> | null;

/** A sheet as Parquet: a column's type is that of all its values, packed by Snappy in row groups. */
export async function writeParquet(source: SheetSource, survey: SheetSurvey, output: Output): Promise<void> {
  const { header, headerRow, width, kinds } = survey;
  const columns = columnNames(header, width).map((name, at) => parquetColumn(name, kinds[at] ?? 0));
  const writer = new ParquetWriter({
    writer: new HandingOn(output),
    schema: [{ name: 'root', num_children: width }, ...columns.map(({ element }) => element)],
    createdBy: 'Runplane',
  });
  const groupRows = Math.max(1, Math.min(GROUP_ROWS, Math.floor(GROUP_CELLS / Math.max(1, width))));
  let held = columns.map((): Stored[] => []);
  let rows = 0;
  let characters = 0;

  const flush = async (): Promise<void> => {
    if (rows === 0) return;
    const columnData = columns.map(({ element }, at) => ({ name: element.name, data: held[at] ?? [] }));
    await writer.write({ columnData, rowGroupSize: rows });
    held = columns.map(() => []);
    rows = 0;
    characters = 0;
  };
  const add = (cells: readonly CellValue[]): void => {
    columns.forEach((column, at) => {
      const value = cells[at] ?? null;
      held[at]?.push(value === null ? null : column.of(value));
      if (typeof value === 'string') characters += value.length;
    });
    rows++;
  };

  for await (const batch of everyRow(source, survey, headerRow + 1)) {
    for (const cells of batch) {
      add(cells);
      if (rows >= groupRows || characters >= GROUP_CHARACTERS) await flush();
    }
  }
  await flush();
  await writer.finish();
}
