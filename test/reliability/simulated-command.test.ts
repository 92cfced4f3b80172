import { describe, expect, it } from 'vitest';
import { outcomeOf, simulateCommand } from '../simulator/command.ts';
import { IS_LONG } from '../support/lane.ts';

describe.runIf(IS_LONG)('npm run simulate, in processes of its own', () => {
  it('says the same in each of them', async () => {
    const first = await simulateCommand('--seed', '3', '--seeds', '20');
    const second = await simulateCommand('--seed', '3', '--seeds', '20');

    expect(first).toMatchObject({ code: 0, stderr: '' });
    expect(second.stdout).toBe(first.stdout);
  });

  it('1: says what it has found, and how it is found again', async () => {
    const ended = await simulateCommand('--plant', 'fault-10', '--seeds', '200');

    expect(ended).toMatchObject({ code: 1, stderr: '' });
    const [failed] = (outcomeOf(ended) as { failed: { seed: number; repeat: string }[] }).failed;
    expect(failed?.repeat).toBe(`npm run -s simulate -- --seed ${failed?.seed} --seeds 1 --plant fault-10`);
    const again = await simulateCommand('--seed', `${failed?.seed}`, '--seeds', '1', '--plant', 'fault-10');
    expect(outcomeOf(again)).toMatchObject({ failed: [failed] });
  });

  it('2: a plant that there is not', async () => {
    const ended = await simulateCommand('--plant', 'nothing');

    expect(ended).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining('nothing') });
  });
});
