import { relative } from 'node:path';
import { build, type Metafile, type Plugin } from 'esbuild';
import { describe, expect, it } from 'vitest';
import { operations } from '../../../lib/apis/index.ts';
import { bundleOptions, importedAtOnce, kilobytes, ROOT } from '../../../lib/constructs/functions/bundle.ts';
import { bundleLimit } from '../../../lib/constructs/functions/bundle-limits.ts';
import { allNeeds, type Needs, platformParts, STEPS } from '../../../lib/constructs/functions/needs.ts';
import { IS_LONG } from '../../support/lane.ts';

const functions = allNeeds(operations);

/** Marks a question of the plugin's own, which it must not answer itself. */
const ASKED = Symbol('asked');

/** Leaves packages out, and forgets those that nothing uses, just as bundling them would. */
const packagesApart: Plugin = {
  name: 'packages-apart',
  setup: ({ onResolve, resolve }) => {
    onResolve({ filter: /^[^./]/ }, async ({ path, pluginData, ...from }) => {
      if (pluginData === ASKED || from.kind === 'entry-point') return undefined;
      const { sideEffects } = await resolve(path, { ...from, pluginData: ASKED });
      return { path, external: true, sideEffects };
    });
  },
};

interface OwnCode {
  needs: Needs;
  entry: string;
  /** With names and places left in, to be searched for calls. */
  code: string;
  /** Packages that our own code imports before the first answer. */
  imports: Set<string>;
}

/** What every function has of our own code: packages are what takes time to bundle, and they stay out. */
async function ownCodes(): Promise<OwnCode[]> {
  const { outputFiles, metafile } = await build({
    ...bundleOptions('', ROOT),
    absWorkingDir: ROOT,
    entryPoints: functions.map(({ entry }) => entry),
    outbase: ROOT,
    splitting: false,
    minify: false,
    write: false,
    metafile: true,
    plugins: [packagesApart],
  });
  const texts = new Map(outputFiles.map(({ path, text }) => [relative(ROOT, path), text]));
  return functions.map((needs) => {
    const path = needs.entry.replace(/\.ts$/, '.mjs');
    return {
      ...{ needs, entry: needs.entry, code: ownCode(texts.get(path) ?? '') },
      imports: new Set([...importedByOwn(metafile, needs.entry, path)].map(packageOf)),
    };
  });
}

/** What a function imports from packages when it starts: not what only its modules on demand import. */
function importedByOwn({ inputs, outputs }: Metafile, entry: string, output: string): Set<string> {
  const used = new Set(outputs[output]?.imports.map(({ path }) => path));
  const found = new Set<string>();
  const open = new Set([entry]);
  for (const module of open) {
    for (const { path, kind, external } of inputs[module]?.imports ?? []) {
      if (kind !== 'import-statement') continue;
      if (external !== true) open.add(path);
      else if (used.has(path)) found.add(path);
    }
  }
  return found;
}

/** Of `@scope/name/part` the package is `@scope/name`. */
const packageOf = (path: string): string => /^(?:@[^/]+\/)?[^/]+/.exec(path)?.[0] ?? path;

/** What a bundle has of our own modules that call ports; adapters define them, and one hands every call on. */
const ownCode = (text: string): string =>
  text
    .split(/^(?=\/\/ \S+\.\w+$)/m)
    .filter((part) => /^\/\/ (lambdas|lib\/(?!adapters\/aws|apis\/log\/logged-runs\.ts))/.test(part))
    .join('');

const owned = await ownCodes();

/** Of each platform the function with the most code of its own, and what has a limit for itself. */
function largest(): OwnCode[] {
  const byKind = new Map<string, OwnCode>();
  for (const own of owned) {
    const kind = own.entry === STEPS.processDocument ? own.entry : own.needs.binds;
    if (own.code.length > (byKind.get(kind)?.code.length ?? 0)) byKind.set(kind, own);
  }
  return [...byKind.values()];
}

const bundles = await Promise.all(
  (IS_LONG ? owned : largest()).map(async ({ needs, entry }) => {
    const options = { ...bundleOptions(entry, 'dist'), write: false, metafile: true } as const;
    return { needs, entry, metafile: (await build(options)).metafile };
  }),
);

/** Packages that are read before the first answer. */
function packagesOf(metafile: Metafile): Set<string> {
  const inputs = importedAtOnce(metafile).flatMap((output) =>
    Object.entries(output.inputs).flatMap(([path, { bytesInOutput }]) => (bytesInOutput > 0 ? [path] : [])),
  );
  return new Set(inputs.flatMap((path) => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1] ?? []));
}

/** What would make a start slow, and can wait until it is needed. */
const HEAVY = [
  ...['xlsx', 'ai', 'dynalite', 'jose', 'tsx', 're2js', '@aws-sdk/client-lambda'],
  ...['libphonenumber-js', 'email-addresses', 'i18n-iso-countries'],
];
const heavyFor = (entry: string): string[] => [
  ...HEAVY,
  ...(entry === STEPS.processDocument ? [] : ['papaparse']),
];

/** Which of the SDK's clients there are, and which there should be. */
const clientsIn = (packages: ReadonlySet<string>) => ({
  dynamodb: packages.has('@aws-sdk/client-dynamodb'),
  s3: packages.has('@aws-sdk/client-s3'),
  sfn: packages.has('@aws-sdk/client-sfn'),
});
const clientsFor = (needs: Needs) => {
  const { files, executor, waited } = platformParts(needs);
  return { dynamodb: true, s3: files, sfn: executor || waited };
};

describe.each(bundles)('the bundle of $entry', ({ entry, needs, metafile }) => {
  const packages = packagesOf(metafile);

  it('keeps within its size', () => {
    expect(kilobytes(importedAtOnce(metafile))).toBeLessThan(bundleLimit(needs));
  });

  it('holds the clients that its platform makes, and no other', () => {
    expect(clientsIn(packages)).toEqual(clientsFor(needs));
  });

  it('holds no library that it does not need at once', () => {
    expect(heavyFor(entry).filter((name) => packages.has(name))).toEqual([]);
  });

  it('finds its credentials in the environment, without the chain of a laptop', () => {
    expect(packages.has('@aws-sdk/credential-provider-env')).toBe(true);
    expect([...packages].filter((name) => /credential-provider-(?!env)|nested-clients/.test(name))).toEqual(
      [],
    );
  });
});

describe.each(owned)('the code of $entry', ({ entry, needs, code, imports }) => {
  it('is ours', () => {
    expect(code).toContain(`// ${entry}`);
  });

  it('imports the clients that its platform makes, and no other', () => {
    expect(clientsIn(imports)).toEqual(clientsFor(needs));
  });

  it('imports no library that it does not need at once', () => {
    expect(heavyFor(entry).filter((name) => imports.has(name))).toEqual([]);
  });

  it('may do to files what its code does to them', () => {
    const rights = {
      get: ['read'],
      head: ['read'],
      signDownload: ['read'],
      put: ['write'],
      copy: ['read', 'write'],
      remove: ['remove'],
      signUpload: ['upload'],
    };
    const used = Object.entries(rights).flatMap(([method, needed]) =>
      new RegExp(`\\bfiles\\d*\\.${method}\\(`).test(code) ? needed : [],
    );
    // Its own check of the key is what makes the smaller right enough.
    if (/\bputTemporary\d*\(/.test(code)) used.push('upload');

    expect([...needs.files].sort()).toEqual([...new Set(used)].sort());
  });

  it('may do to executions what its code does to them', () => {
    // A stop that is refused looks whether the execution has ended.
    const rights = {
      start: ['start'],
      stop: ['stop', 'describe'],
      describe: ['describe'],
      lookUp: ['describe'],
    };
    const used = Object.entries(rights).flatMap(([method, needed]) =>
      new RegExp(`\\bexecutor\\d*\\.${method}\\(`).test(code) ? needed : [],
    );

    expect([...needs.executions].sort()).toEqual([...new Set(used)].sort());
  });

  it('may look at machines if its code does', () => {
    expect(needs.looksAtMachines).toBe(/\bexecutor\d*\.lookAtMachine\(/.test(code));
  });

  it('may query the indexes that its code asks for', () => {
    const indexes = { listOpen: ['open'], listByStatus: ['open', 'byOutcome'], listByParent: ['byParent'] };
    const used = Object.entries(indexes).flatMap(([method, queried]) =>
      code.includes(`.${method}(`) ? queried : [],
    );

    expect([...needs.indexes].sort()).toEqual([...new Set(used)].sort());
  });

  it('may hold a place among the streams if its code takes one', () => {
    expect(needs.holdsPlace).toBe(/\bstreams\d*\.take\(/.test(code));
  });

  it('may write items only if its code does, and then it may', () => {
    const writes =
      /\.(runs|log|idempotency)\.(insert|commit|append|reserve|complete)\(|\.insert\(|\b(records|keys)\d*\.replace\(|\b(members|lists)\d*\.remove\(/;

    expect(needs.table === 'write').toBe(writes.test(code));
  });
});
