import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Check } from './client.ts';
import { assertTravelled, environmentOf } from './journey.ts';
import { run } from './run.ts';

const JOURNEYS = 'test/clients-lane/journeys/typescript';
const STRICT = [
  ...['--noEmit', '--strict', '--target', 'es2022', '--module', 'esnext', '--moduleResolution', 'bundler'],
  ...['--lib', 'es2022,dom,dom.iterable', '--types', '', '--allowImportingTsExtensions'],
];

/** Compiles what was generated, with the journey of that name, and makes it. */
export const typescriptChecks = (journey: string): Check[] => [
  {
    says: 'compiles strictly',
    async act({ folder }) {
      await copyFile(join(JOURNEYS, 'journey.ts'), join(folder, 'journey.ts'));
      await copyFile(join(JOURNEYS, `${journey}.ts`), join(folder, 'main.ts'));
      await run('node_modules/.bin/tsc', [...STRICT, '--ignoreConfig', join(folder, 'main.ts')]);
    },
  },
  {
    says: 'makes one journey per API',
    async act(trial) {
      const env = environmentOf(trial);
      await assertTravelled(
        await run('node_modules/.bin/tsx', [join(trial.folder, 'main.ts')], { env }),
        trial,
      );
    },
  },
];
