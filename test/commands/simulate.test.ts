import { describe, expect, it } from 'vitest';
import { outcomeOf, simulateCommand } from '../simulator/command.ts';
import { PLANTS } from '../simulator/plants.ts';
import { wantedOf } from '../simulator/wanted.ts';

const plants = Object.keys(PLANTS);

// Two processes that say the same, and one that finds a plant, have time in the long lane.
describe('npm run simulate', () => {
  it('0: ends with one line of JSON', async () => {
    const ended = await simulateCommand('--seed', '3', '--seeds', '2');

    expect(ended).toMatchObject({ code: 0, stderr: '' });
    expect(outcomeOf(ended)).toEqual({
      ...{ seed: 3, seeds: 2, failed: [] },
      ...{ calls: expect.any(Number), faults: expect.any(Number), invariants: expect.any(Number) },
      digest: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
  });

  it('plays 500 schedules from the first on unless it is told otherwise', () => {
    expect(wantedOf([], plants)).toEqual({ seed: 1, seeds: 500, keepsGoing: false, traces: false });
    expect(wantedOf(['--seed', '7', '--seeds', '2', '--plant', 'fault-9'], plants)).toMatchObject({
      ...{ seed: 7, seeds: 2, plant: 'fault-9' },
    });
  });

  it('0: names its plants, one a line, and nothing else', () => {
    expect(wantedOf(['--list-plants'], plants)).toEqual({
      ...{ code: 0, stderr: '', stdout: expect.stringMatching(/^([a-z0-9-]+\n)+$/) },
    });
    expect(plants).toEqual(expect.arrayContaining(['fault-7', 'fault-8', 'fault-9', 'fault-10', 'fault-11']));
  });

  it.each([
    ['a plant that there is not', ['--plant', 'nothing'], "There is no plant 'nothing'"],
    ['a plant that every object has', ['--plant', 'toString'], "There is no plant 'toString'"],
    ['a seed that is no number', ['--seed', 'x'], "--seed must be a whole number from 0, not 'x'"],
    ['no seeds', ['--seeds', '0'], "--seeds must be a whole number from 1, not '0'"],
    ['a flag that there is not', ['--sed', '1'], "Unknown option '--sed'"],
  ])('2: %s', (_what, args, says) => {
    expect(wantedOf(args, plants)).toEqual({
      ...{ code: 2, stdout: '', stderr: expect.stringContaining(says) },
    });
  });
});
