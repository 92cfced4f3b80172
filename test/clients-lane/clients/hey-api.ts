import { join } from 'node:path';
import type { Client } from '../client.ts';
import { npmPackages } from '../install.ts';
import { run } from '../run.ts';
import { typescriptChecks } from '../typescript.ts';

export const heyApi: Client = {
  name: 'hey-api',
  prepare: (installed) => npmPackages(installed, { '@hey-api/openapi-ts': '0.99.0', typescript: '5.9.3' }),
  checks: [
    {
      says: 'generates',
      async act({ installed, description, folder }) {
        const program = join(installed, 'node_modules/.bin/openapi-ts');
        await run(program, ['-i', description, '-o', join(folder, 'api'), '-c', '@hey-api/client-fetch']);
      },
    },
    ...typescriptChecks('hey-api'),
  ],
};
