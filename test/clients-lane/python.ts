import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Check } from './client.ts';
import { programOf } from './install.ts';
import { assertTravelled, environmentOf } from './journey.ts';
import { run } from './run.ts';

const JOURNEYS = 'test/clients-lane/journeys/python';

/** Imports what was generated as that package, and makes the journey of that name. */
export const pythonChecks = (journey: string, generated: string): Check[] => [
  {
    says: 'can be imported, every module',
    async act({ installed, folder }) {
      const env = { PYTHONPATH: folder };
      await run(programOf(installed, 'python'), [join(JOURNEYS, 'import_all.py'), generated], { env });
    },
  },
  {
    says: 'makes one journey per API',
    async act(trial) {
      const { installed, folder } = trial;
      await copyFile(join(JOURNEYS, 'journey.py'), join(folder, 'journey.py'));
      await copyFile(join(JOURNEYS, `${journey}.py`), join(folder, 'main.py'));
      const env = { ...environmentOf(trial), PYTHONPATH: folder };
      await assertTravelled(
        await run(programOf(installed, 'python'), [join(folder, 'main.py')], { env }),
        trial,
      );
    },
  },
];
