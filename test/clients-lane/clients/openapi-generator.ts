import { copyFile, mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Check, Client } from '../client.ts';
import { generateWith, openapiGenerator, pythonPackages } from '../install.ts';
import { assertTravelled, environmentOf } from '../journey.ts';
import { pythonChecks } from '../python.ts';
import { isInstalled, run } from '../run.ts';
import { typescriptChecks } from '../typescript.ts';

const JOURNEYS = 'test/clients-lane/journeys';

/** Generates into a folder below the trial's. */
const generates = (generator: string, into = '.'): Check => ({
  says: 'generates',
  act: async ({ description, folder }) => {
    await generateWith(generator, description, join(folder, into));
  },
});

export const typescriptFetch: Client = {
  name: 'typescript-fetch',
  prepare: openapiGenerator,
  checks: [generates('typescript-fetch', 'api'), ...typescriptChecks('typescript-fetch')],
};

export const python: Client = {
  name: 'python',
  async prepare(installed) {
    const packages = [
      ...['pydantic==2.11.7', 'python-dateutil==2.9.0.post0', 'typing-extensions==4.14.1'],
      'urllib3==2.5.0',
    ];
    return (await openapiGenerator()) ?? pythonPackages(installed, packages);
  },
  checks: [generates('python'), ...pythonChecks('python', 'openapi_client')],
};

export const go: Client = {
  name: 'go',
  async prepare() {
    return isInstalled('go', 'version') ? openapiGenerator() : 'Go is not installed';
  },
  checks: [
    {
      says: 'generates',
      async act({ description, folder }) {
        await generateWith('go', description, folder, ['packageName=runplane']);
      },
    },
    {
      says: 'builds',
      async act({ folder }) {
        await mkdir(join(folder, 'journey'));
        await copyFile(join(JOURNEYS, 'go/main.go'), join(folder, 'journey/main.go'));
        await run('go', ['build', './...'], { cwd: folder });
      },
    },
    {
      says: 'makes one journey per API',
      async act(trial) {
        const { folder } = trial;
        // The client downloads into a temporary file that it leaves there.
        const TMPDIR = join(folder, 'tmp');
        await mkdir(TMPDIR);
        const env = { ...environmentOf(trial), TMPDIR };
        await assertTravelled(await run('go', ['run', './journey'], { cwd: folder, env }), trial);
      },
    },
  ],
};

const REPOSITORY = `-Dmaven.repo.local=${resolve('.cache/clients/maven')}`;
const EXECUTE = 'org.codehaus.mojo:exec-maven-plugin:3.1.0:java';

export const java: Client = {
  name: 'java',
  async prepare() {
    return isInstalled('mvn', '-v') ? openapiGenerator() : 'Maven is not installed';
  },
  checks: [
    generates('java'),
    {
      says: 'compiles',
      async act({ folder }) {
        await copyFile(join(JOURNEYS, 'java/Journey.java'), join(folder, 'src/main/java/Journey.java'));
        await run('mvn', ['-q', '-B', REPOSITORY, 'compile'], { cwd: folder });
      },
    },
    {
      says: 'makes one journey per API',
      async act(trial) {
        const { folder } = trial;
        const env = environmentOf(trial);
        const args = ['-q', '-B', REPOSITORY, EXECUTE, '-Dexec.mainClass=Journey'];
        await assertTravelled(await run('mvn', args, { cwd: folder, env }), trial);
      },
    },
  ],
};

/** Where there is no .NET the client is generated at least. */
export const csharp: Client = {
  name: 'csharp',
  prepare: openapiGenerator,
  checks: [
    generates('csharp'),
    ...(isInstalled('dotnet', '--version')
      ? [
          {
            says: 'builds',
            async act({ folder }: { folder: string }) {
              await run('dotnet', ['build', 'src/Org.OpenAPITools'], { cwd: folder });
            },
          },
        ]
      : []),
  ],
};
