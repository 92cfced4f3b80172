import { readFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { corners, folderGiven, inspected } from './inspected.ts';

/**
 * Scores the tables found on a folder of FUSTE's annotated files (Vitagliano et al., "Mondrian", EDBT 2022):
 * per annotated table the best intersection over union of filled cells with any table found.
 */

interface Annotations {
  readonly [file: string]: {
    readonly regions: readonly {
      readonly region_type: string;
      /** Column and row of the first and of the last cell, 0-based. */
      readonly top_lx: readonly [number, number];
      readonly bot_rx: readonly [number, number];
    }[];
  };
}

type Rows = readonly (readonly string[])[];
type Corners = ReturnType<typeof corners>;

/** The filled cells of a box, each as one number. */
function filled(rows: Rows, { top, left, bottom, right }: Corners): Set<number> {
  const cells = new Set<number>();
  for (let row = top; row <= bottom; row++) {
    for (let column = left; column <= right; column++) {
      if ((rows[row]?.[column] ?? '').trim() !== '') cells.add(row * 20_000 + column);
    }
  }
  return cells;
}

function overlap(a: ReadonlySet<number>, b: ReadonlySet<number>): number {
  let both = 0;
  for (const cell of a) if (b.has(cell)) both++;
  return both / (a.size + b.size - both);
}

const folder = resolve(folderGiven('bench:tables'));
const annotations: Annotations = JSON.parse(readFileSync(join(folder, 'annotations.json'), 'utf8'));
const best: number[] = [];
let found = 0;
for await (const line of inspected(join(folder, 'csv'))) {
  const rows = line.sheets[0]?.rows ?? [];
  const tables = line.sheets.flatMap((sheet) =>
    sheet.tables.map(({ range }) => filled(rows, corners(range))),
  );
  found += tables.length;
  for (const { region_type, top_lx, bot_rx } of annotations[basename(line.file)]?.regions ?? []) {
    if (region_type !== 'Table') continue;
    const box = { left: top_lx[0], top: top_lx[1], right: bot_rx[0], bottom: bot_rx[1] };
    const wanted = filled(rows, box);
    if (wanted.size > 0) best.push(Math.max(0, ...tables.map((table) => overlap(wanted, table))));
  }
}
const share = (enough: number): string =>
  `${((100 * best.filter((value) => value >= enough).length) / best.length).toFixed(1)} %`;
console.log(
  `FUSTE: ${best.length} tables, ${found} found: exact ${share(1)}, at 0.8 ${share(0.8)}, at 0.5 ${share(0.5)}`,
);
