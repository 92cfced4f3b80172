import { readdirSync, readFileSync } from 'node:fs';
import aslValidator from 'asl-validator';
import { describe, expect, it } from 'vitest';
import { CannotRunHere, processMachines } from '../../lib/adapters/local/asl/process-machines.ts';

const ROOM = 'lib/machines';
const definitions = readdirSync(ROOM, { recursive: true })
  .map(String)
  .filter((file) => file.endsWith('.asl.json'));

/** What a placeholder stands for once it is deployed. */
const deployed = (file: string): object =>
  JSON.parse(
    readFileSync(`${ROOM}/${file}`, 'utf8').replace(
      /\$\{(\w+)\}/g,
      'arn:aws:lambda:eu-west-1:123456789012:function:$1',
    ),
  );

describe('the state machines', () => {
  it('are all there', () => {
    expect(definitions.sort()).toEqual(
      expect.arrayContaining([
        'document-run.asl.json',
        'processes/invoice-totals.asl.json',
        'processes/order-review.asl.json',
      ]),
    );
  });

  it.each(definitions)('%s is Amazon States Language', (file) => {
    const { isValid, errorsText } = aslValidator(deployed(file));

    expect(isValid, errorsText()).toBe(true);
  });
});

describe('workflows in a folder', () => {
  const functions = new Set(readdirSync('lambdas/processes').map((file) => file.replace(/\.ts$/, '')));
  const load = processMachines({
    folders: [`${ROOM}/processes`],
    functions: [
      { find: async (names) => (names.some((name) => functions.has(name)) ? async () => null : undefined) },
    ],
  });

  it.each(['order-review', 'invoice-totals'])('%s runs on the functions of this repository', async (name) => {
    const { tasks } = await load(name);

    expect(Object.keys(tasks).length).toBeGreaterThan(0);
  });

  it.each([
    ['is not there', 'nothing', /There is no workflow nothing\.asl\.json/],
    ['is sought elsewhere', '../document-run', /There is no workflow/],
    ['has a name that is none', '..', /There is no workflow/],
  ])('one that %s is refused in a sentence', async (_what, name, sentence) => {
    await expect(load(name)).rejects.toThrow(sentence);
    await expect(load(name)).rejects.toBeInstanceOf(CannotRunHere);
  });
});
