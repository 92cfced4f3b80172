import { describe, expect, it } from 'vitest';
import { operations } from '../../lib/apis/index.ts';
import type { Answer } from './caller.ts';
import type { Said } from './look-behind.ts';
import { allRoutes, pathOf, wrongWith } from './routes.ts';

const routes = allRoutes();
const [route] = routes.filter(({ name }) => name === 'GET /runs');
if (route === undefined) throw new Error('There is no GET /runs');
const told = { stage: 'dev', origin: 'https://app.example.com' };

const answer = (
  status: number,
  headers: Record<string, string> = { 'access-control-allow-origin': told.origin },
) =>
  ({
    status,
    headers: new Headers(headers),
    bytes: Buffer.alloc(0),
    text: 'text',
    at: () => undefined,
  }) as Answer;
const line = (members: object): string => JSON.stringify({ requestId: 'mine', stage: 'dev', ...members });
const wrong = (status: number, said: Said, headers?: Record<string, string>) =>
  wrongWith(route, 'mine', answer(status, headers), said, told);

describe('the routes of the API', () => {
  it('are those of all operations at all their paths, and what answers everything else', () => {
    const paths = operations.flatMap(({ path, aliases = [] }) => [path, ...aliases]);

    expect(routes.filter(({ operation }) => operation !== undefined)).toHaveLength(paths.length);
    expect(routes.filter(({ answeredBy }) => answeredBy === 'Fallback').length).toBeGreaterThan(50);
  });

  it('are called at paths without a name that is not filled in', () => {
    expect(routes.map((each) => pathOf(each, 'ws')).filter((path) => /[{}+]/.test(path))).toEqual([]);
  });
});

describe('a route', () => {
  it('is right when its own function has written of the request', () => {
    expect(
      wrong(404, { ListProcessRuns: ['START', line({})], GetRun: [line({ requestId: 'other' })] }),
    ).toEqual([]);
  });

  it.each<[string, number, Said, RegExp]>([
    [
      'answered by another function',
      200,
      { GetRun: [line({})] },
      /answered by GetRun.*ListProcessRuns has written nothing/,
    ],
    ['answered by nobody', 403, { ListProcessRuns: [] }, /ListProcessRuns has written nothing/],
    [
      'answered with a fault',
      502,
      { ListProcessRuns: ['Error: RUNPLANE_TABLE: missing', line({})] },
      /RUNPLANE_TABLE.*502/,
    ],
    ['not told its stage', 200, { ListProcessRuns: [line({ stage: undefined })] }, /RUNPLANE_STAGE/],
  ])('is wrong when it is %s', (_, status, said, problem) => {
    expect(JSON.stringify(wrong(status, said))).toMatch(problem);
  });

  it('is wrong when a page may not read what it may', () => {
    expect(wrong(200, { ListProcessRuns: [line({})] }, {})).toEqual([
      expect.stringMatching(/RUNPLANE_CORS_ORIGINS/),
    ]);
  });
});
