import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Client } from '../client.ts';
import { npmPackages } from '../install.ts';
import { run } from '../run.ts';
import { typescriptChecks } from '../typescript.ts';

export const orval: Client = {
  name: 'orval',
  prepare: (installed) => npmPackages(installed, { orval: '8.38.0', typescript: '5.9.3' }),
  checks: [
    {
      says: 'generates',
      async act({ installed, description, folder, platform }) {
        const output = { target: 'api.ts', client: 'fetch', mode: 'single', baseUrl: platform.url };
        const config = { api: { input: description, output } };
        await writeFile(join(folder, 'orval.config.mjs'), `export default ${JSON.stringify(config)};\n`);
        const program = join(installed, 'node_modules/.bin/orval');
        await run(program, ['--config', 'orval.config.mjs'], { cwd: folder });
      },
    },
    ...typescriptChecks('orval'),
  ],
};
