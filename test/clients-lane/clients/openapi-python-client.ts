import { join } from 'node:path';
import type { Client } from '../client.ts';
import { programOf, pythonPackages } from '../install.ts';
import { pythonChecks } from '../python.ts';
import { run } from '../run.ts';

export const openapiPythonClient: Client = {
  name: 'openapi-python-client',
  prepare: (installed) => pythonPackages(installed, ['openapi-python-client==0.29.1']),
  checks: [
    {
      says: 'generates every operation',
      async act({ installed, description, folder }) {
        const output = join(folder, 'runplane');
        const args = ['generate', '--path', description, '--meta', 'none', '--output-path', output];
        const said = await run(programOf(installed, 'openapi-python-client'), args);
        // It goes on without what it cannot make, and says so.
        if (/will not be generated/.test(said)) throw new Error(said);
      },
    },
    ...pythonChecks('openapi_python_client', 'runplane'),
  ],
};
