import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { operations } from '../lib/apis/index.ts';
import { bundleOptions, importedAtOnce, kilobytes, ROOT } from '../lib/constructs/functions/bundle.ts';
import { bundleLimit } from '../lib/constructs/functions/bundle-limits.ts';
import { allNeeds } from '../lib/constructs/functions/needs.ts';

/**
 * What each function weighs and how long it takes to import, beside its target: `npx tsx
 * scripts/bench-bundles.ts [part of an entry's name]`. Bundled as for AWS, imported by this Node, each time
 * by a process of its own; times are medians, to be compared with each other and not with Lambda's.
 */
const RUNS = 7;

/** Prints what an import takes. The names that a platform would read are not needed for that. */
const IMPORT = `
  const start = performance.now();
  await import(process.argv[1]);
  console.log(performance.now() - start);
`;

function importMilliseconds(file: string): number {
  const { stdout, stderr, status } = spawnSync(
    process.execPath,
    ['--input-type=module', '--eval', IMPORT, file],
    { encoding: 'utf8' },
  );
  if (status !== 0) throw new Error(`${file} cannot be imported: ${stderr}`);
  return Number(stdout);
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((one, other) => one - other);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

async function main(part = ''): Promise<number> {
  const folder = mkdtempSync(join(ROOT, 'node_modules', '.bundles-'));
  let failed = 0;
  try {
    process.stdout.write(
      `${'entry'.padEnd(58)}${'KB'.padStart(6)}${'most'.padStart(6)}${'ms'.padStart(8)}\n`,
    );
    for (const needs of allNeeds(operations).filter(({ entry }) => entry.includes(part))) {
      const outdir = join(folder, needs.entry.replace(/\W/g, '-'));
      const { metafile } = await build({ ...bundleOptions(needs.entry, outdir), metafile: true });
      const size = kilobytes(importedAtOnce(metafile));
      const outfile = join(outdir, 'index.mjs');
      const limit = bundleLimit(needs);
      const milliseconds = median(Array.from({ length: RUNS }, () => importMilliseconds(outfile)));
      const isOver = size > limit;
      if (isOver) failed += 1;
      process.stdout.write(
        `${needs.entry.padEnd(58)}${size.toFixed(0).padStart(6)}${String(limit).padStart(6)}${milliseconds.toFixed(1).padStart(8)}${isOver ? '  over its target' : ''}\n`,
      );
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return failed === 0 ? 0 : 1;
}

process.exitCode = await main(process.argv[2]);
