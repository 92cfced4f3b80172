import { copyFile, mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { type Check, type Client, Unavailable } from '../client.ts';
import { generateWith, openapiGenerator, pythonPackages } from '../install.ts';
import { assertTravelled, environmentOf } from '../journey.ts';
import { pythonChecks } from '../python.ts';
import { isInstalled, type PackageIndex, run } from '../run.ts';
import { typescriptChecks } from '../typescript.ts';

const JOURNEYS = 'test/clients-lane/journeys';

/** Generates into a folder below the trial's. */
const generates = (generator: string, into = '.', properties: readonly string[] = []): Check => ({
  says: 'generates',
  act: async ({ description, folder }) => {
    await generateWith(generator, description, join(folder, into), properties);
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

const GO_MODULES: PackageIndex = {
  name: 'the proxy of Go modules',
  unreachable: /dial tcp|no such host|i\/o timeout|TLS handshake timeout|module lookup disabled/,
};

export const go: Client = {
  name: 'go',
  async prepare() {
    return isInstalled('go', 'version') ? openapiGenerator() : 'Go is not installed';
  },
  checks: [
    generates('go', '.', ['packageName=runplane']),
    {
      says: 'builds',
      async act({ folder }) {
        await mkdir(join(folder, 'journey'));
        await copyFile(join(JOURNEYS, 'go/main.go'), join(folder, 'journey/main.go'));
        await run('go', ['build', './...'], { cwd: folder, index: GO_MODULES });
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
const MAVEN_CENTRAL: PackageIndex = {
  name: 'Maven Central',
  // The last is what Maven says of what it could not have the time before.
  unreachable: /Could not transfer|in offline mode|failed to transfer/,
};
const maven = (folder: string, args: readonly string[], env: Record<string, string> = {}): Promise<string> =>
  run('mvn', ['-q', '-B', REPOSITORY, ...args], { cwd: folder, env, index: MAVEN_CENTRAL });

export const java: Client = {
  name: 'java',
  async prepare() {
    if (!isInstalled('javac', '-version')) return 'a Java compiler is not installed';
    return isInstalled('mvn', '-v') ? openapiGenerator() : 'Maven is not installed';
  },
  checks: [
    // With what need not be given as setters: an operation that takes one more is still called in the same way.
    generates('java', '.', ['useSingleRequestParameter=true']),
    {
      says: 'compiles',
      async act({ folder }) {
        await copyFile(join(JOURNEYS, 'java/Journey.java'), join(folder, 'src/main/java/Journey.java'));
        await maven(folder, ['compile']);
      },
    },
    {
      says: 'makes one journey per API',
      async act(trial) {
        const args = [EXECUTE, '-Dexec.mainClass=Journey'];
        await assertTravelled(await maven(trial.folder, args, environmentOf(trial)), trial);
      },
    },
  ],
};

const NUGET: PackageIndex = { name: 'NuGet', unreachable: /NU1301|Unable to load the service index/ };

/** Where there is no .NET the client is generated at least. */
export const csharp: Client = {
  name: 'csharp',
  prepare: openapiGenerator,
  checks: [
    generates('csharp'),
    {
      says: 'builds',
      async act({ folder }) {
        if (!isInstalled('dotnet', '--version')) throw new Unavailable('.NET is not installed');
        await run('dotnet', ['build', 'src/Org.OpenAPITools'], { cwd: folder, index: NUGET });
      },
    },
  ],
};
