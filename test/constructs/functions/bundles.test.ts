import { relative } from 'node:path';
import { build, type Metafile } from 'esbuild';
import { describe, expect, it } from 'vitest';
import { operations } from '../../../lib/apis/index.ts';
import { bundleOptions, importedAtOnce, kilobytes, ROOT } from '../../../lib/constructs/functions/bundle.ts';
import { bundleLimit } from '../../../lib/constructs/functions/bundle-limits.ts';
import { allNeeds, platformParts, STEPS } from '../../../lib/constructs/functions/needs.ts';

const functions = allNeeds(operations);

/** The functions' code with names and places left in, to be searched for calls; all at once, for speed. */
async function readableCode(): Promise<Map<string, string>> {
  const { outputFiles } = await build({
    ...bundleOptions('', ROOT),
    entryPoints: functions.map(({ entry }) => entry),
    outbase: ROOT,
    splitting: false,
    minify: false,
    write: false,
  });
  return new Map(
    outputFiles.map(({ path, text }) => [relative(ROOT, path).replace('.mjs', '.ts'), ownCode(text)]),
  );
}

/** What a bundle has of our own modules that call ports; adapters define them, and one hands every call on. */
const ownCode = (text: string): string =>
  text
    .split(/^(?=\/\/ \S+\.\w+$)/m)
    .filter((part) => /^\/\/ (lambdas|lib\/(?!adapters\/aws|apis\/log\/logged-runs\.ts))/.test(part))
    .join('');

const codes = await readableCode();
const bundles = await Promise.all(
  functions.map(async (needs) => {
    const { metafile } = await build({ ...bundleOptions(needs.entry, 'dist'), write: false, metafile: true });
    return { entry: needs.entry, needs, metafile, code: codes.get(needs.entry) ?? '' };
  }),
);

/** Packages that are read before the first answer. */
function packagesOf(metafile: Metafile): Set<string> {
  const inputs = importedAtOnce(metafile).flatMap((output) =>
    Object.entries(output.inputs).flatMap(([path, { bytesInOutput }]) => (bytesInOutput > 0 ? [path] : [])),
  );
  return new Set(inputs.flatMap((path) => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1] ?? []));
}

describe.each(bundles)('the bundle of $entry', ({ entry, needs, metafile, code }) => {
  const packages = packagesOf(metafile);

  it('holds code of ours', () => {
    expect(code).toContain(`// ${entry}`);
  });

  it('keeps within its size', () => {
    expect(kilobytes(importedAtOnce(metafile))).toBeLessThan(bundleLimit(needs));
  });

  it('holds the clients that its platform makes, and no other', () => {
    const { files, executor, waited } = platformParts(needs);

    expect({
      dynamodb: packages.has('@aws-sdk/client-dynamodb'),
      s3: packages.has('@aws-sdk/client-s3'),
      sfn: packages.has('@aws-sdk/client-sfn'),
    }).toEqual({ dynamodb: true, s3: files, sfn: executor || waited });
  });

  it('holds no library that it does not need at once', () => {
    const heavy = [
      'xlsx',
      'ai',
      'dynalite',
      'aws-local-stepfunctions',
      'jose',
      'tsx',
      're2js',
      '@aws-sdk/client-lambda',
    ];
    const workersOwn = entry === STEPS.processDocument ? [] : ['papaparse'];

    expect([...heavy, ...workersOwn].filter((name) => packages.has(name))).toEqual([]);
  });

  it('finds its credentials in the environment, without the chain of a laptop', () => {
    expect(packages.has('@aws-sdk/credential-provider-env')).toBe(true);
    expect([...packages].filter((name) => /credential-provider-(?!env)|nested-clients/.test(name))).toEqual(
      [],
    );
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

    expect([...needs.files].sort()).toEqual([...new Set(used)].sort());
  });

  it('may do to executions what its code does to them', () => {
    const rights = { start: 'start', stop: 'stop', describe: 'describe', lookUp: 'describe' };
    const used = Object.entries(rights).flatMap(([method, right]) =>
      new RegExp(`\\bexecutor\\d*\\.${method}\\(`).test(code) ? [right] : [],
    );

    expect([...needs.executions].sort()).toEqual([...new Set(used)].sort());
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
      /\.(runs|log|idempotency)\.(insert|commit|append|reserve|complete)\(|\.insert\(|\b(records|keys)\d*\.replace\(|\bmembers\d*\.remove\(/;

    expect(needs.table === 'write').toBe(writes.test(code));
  });
});
