import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { operations } from '../../lib/apis/index.ts';
import { entryOf } from '../../lib/apis/operation/operation.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** What each room must not import, by path or package. Imports point one way: DESIGN, "The house". */
const WALLS: Record<string, RegExp> = {
  'lib/runs': /^(?!zod$|\.|lib\/runs\/)|^lib\/(?!runs\/)/,
  'lib/spreadsheets': /^(@aws-|aws-|@middy|constructs|lib\/(?!spreadsheets\/))/,
  'lib/agents': /^(@aws-|aws-|@middy|constructs|lib\/(?!agents\/|outbound\/))/,
  'lib/outbound': /^(?!node:|\.|lib\/outbound\/)/,
  'lib/apis': /^(@aws-|aws-|@middy|constructs|lib\/(adapters|constructs|stacks)\/|lambdas\/|bin\/)/,
  'lib/apis/workspace-runs': /^lib\/apis\/(process-runs|thread-runs|agent-run|reference)\//,
  'lib/apis/process-runs': /^lib\/apis\/(workspace-runs|thread-runs|agent-run|reference)\//,
  'lib/apis/thread-runs': /^lib\/apis\/(workspace-runs|process-runs|agent-run|reference)\//,
  'lib/apis/agent-run': /^lib\/apis\/(workspace-runs|process-runs|thread-runs|reference)\//,
  'lib/adapters/aws':
    /^(@middy|aws-cdk-lib|constructs|lib\/(constructs|stacks|adapters\/(local|http))\/|lambdas\/|bin\/)/,
  'lib/adapters/http':
    /^(@aws-sdk|aws-cdk-lib|constructs|lib\/(constructs|stacks|adapters\/(local|aws))\/|lambdas\/|bin\/)/,
  'lib/adapters/local': /^(aws-cdk-lib|constructs|lib\/(constructs|stacks)\/|lambdas\/|bin\/)/,
  'lib/constructs': /^(@middy|lib\/(stacks|runs|spreadsheets|agents|adapters\/(local|http))\/|lambdas\/)/,
  'lib/stacks': /^(@middy|lib\/(runs|spreadsheets|agents|adapters\/(local|http))\/|lambdas\/)/,
  // Its own files and nothing else: it is a package for others.
  'lib/client': /^(?!lib\/client\/)/,
  lambdas: /^(aws-cdk-lib|constructs|lib\/(constructs|stacks|adapters\/local)\/|bin\/)/,
};

/** Longer than this, a handler holds rules that belong elsewhere. */
const MAX_HANDLER_LINES = 40;

/** Rooms below the APIs, which share them: none of these knows one of the four, nor the platform of all of them. */
const FOUR = /^lib\/apis\/((workspace|process|thread)-runs|agent-run)\//;
const SHARED = [
  'operation',
  'records',
  'workspaces',
  'agents',
  'files',
  'streams',
  'log',
  'list-grammar',
  'reference',
];

async function sources(folder: string): Promise<string[]> {
  if (!existsSync(join(ROOT, folder))) return [];
  const entries = await readdir(join(ROOT, folder), { recursive: true });
  return entries.filter((name) => name.endsWith('.ts')).map((name) => join(folder, name));
}

/** Of values and of types alike: two files that know each other cannot be read one at a time. */
async function importsOf(file: string): Promise<string[]> {
  const text = await readFile(join(ROOT, file), 'utf8');
  const statements = text.matchAll(
    /^(?:import|export)\s+(?:type\s)?[^;]*?from\s+'([^']+)'|import\('([^']+)'\)/gm,
  );
  return [...statements].map(([, from, dynamic]) => {
    const target = from ?? dynamic ?? '';
    return target.startsWith('.') ? relative(ROOT, join(ROOT, dirname(file), target)) : target;
  });
}

describe('the house', () => {
  for (const [room, wall] of Object.entries(WALLS)) {
    it(`${room} imports only what it may know`, async () => {
      const broken: string[] = [];
      for (const file of await sources(room)) {
        for (const target of await importsOf(file)) if (wall.test(target)) broken.push(`${file} → ${target}`);
      }

      expect(broken).toEqual([]);
    });
  }

  for (const room of SHARED.map((name) => `lib/apis/${name}`)) {
    it(`${room} is below the four APIs`, async () => {
      const broken: string[] = [];
      for (const file of await sources(room)) {
        for (const target of await importsOf(file)) if (FOUR.test(target)) broken.push(`${file} → ${target}`);
      }

      expect(broken).toEqual([]);
    });
  }

  it('does not import its own client', async () => {
    const rooms = (await Promise.all(['lib', 'lambdas'].map(sources))).flat();
    const broken: string[] = [];
    for (const file of rooms.filter((name) => !name.startsWith('lib/client/'))) {
      for (const target of await importsOf(file))
        if (target.startsWith('lib/client/')) broken.push(`${file} → ${target}`);
    }

    expect(broken).toEqual([]);
  });

  it('has no circular imports, also not of types alone', async () => {
    const files = (await Promise.all(['lib', 'lambdas', 'bin'].map(sources))).flat();
    const graph = new Map<string, string[]>();
    for (const file of files) graph.set(file, await importsOf(file));
    const done = new Set<string>();
    const cycles: string[] = [];
    const visit = (file: string, trail: string[]): void => {
      if (trail.includes(file)) cycles.push([...trail.slice(trail.indexOf(file)), file].join(' → '));
      if (trail.includes(file) || done.has(file)) return;
      for (const next of graph.get(file) ?? []) visit(next, [...trail, file]);
      done.add(file);
    };
    for (const file of files) visit(file, []);

    expect(cycles).toEqual([]);
  });

  it('keeps every handler short', async () => {
    for (const file of await sources('lambdas')) {
      const lines = (await readFile(join(ROOT, file), 'utf8')).trimEnd().split('\n').length;
      expect(lines, file).toBeLessThanOrEqual(MAX_HANDLER_LINES);
    }
  });

  it('has one entry per operation and no other', async () => {
    const expected = operations.map(entryOf).toSorted();
    const found = (await sources('lambdas'))
      .filter((file) => !/lambdas\/(steps\/|processes\/|fallback)/.test(file))
      .toSorted();

    expect(found).toEqual(expected);
  });

  it('asks nowhere whether it runs locally', async () => {
    const rooms = ['lib/runs', 'lib/apis', 'lib/spreadsheets', 'lib/agents', 'lambdas'];
    for (const file of (await Promise.all(rooms.map(sources))).flat()) {
      expect(await readFile(join(ROOT, file), 'utf8'), file).not.toMatch(
        /\bif \(!?(\w+\.)*isLocal\b|process\.env\.\w*LOCAL/,
      );
    }
  });
});
