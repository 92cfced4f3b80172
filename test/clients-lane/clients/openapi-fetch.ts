import { join } from 'node:path';
import type { Client } from '../client.ts';
import { npmPackages } from '../install.ts';
import { run } from '../run.ts';
import { typescriptChecks } from '../typescript.ts';

export const openapiFetch: Client = {
  name: 'openapi-fetch',
  prepare: (installed) =>
    npmPackages(installed, {
      'openapi-typescript': '7.13.0',
      'openapi-fetch': '0.17.0',
      typescript: '5.9.3',
    }),
  checks: [
    {
      says: 'generates',
      async act({ installed, description, folder }) {
        const program = join(installed, 'node_modules/.bin/openapi-typescript');
        await run(program, [description, '-o', join(folder, 'api.d.ts')]);
      },
    },
    ...typescriptChecks('openapi-fetch'),
  ],
};
