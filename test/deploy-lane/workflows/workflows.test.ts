import { describe, expect, it, onTestFinished } from 'vitest';
import { type Compared, compareWorkflows } from './compare-workflows.ts';
import { installStepFunctions, openStepFunctions } from './emulated-step-functions.ts';

const missing = await installStepFunctions();
const named = ({ workflow, wanted, found }: Compared) => ({ name: workflow.name, wanted, found });

describe.skipIf(missing !== undefined)(
  `the definitions on an emulated Step Functions${missing === undefined ? '' : `: not run, ${missing}`}`,
  () => {
    it('come to what they come to on a laptop, but for where it is known to be wrong', async () => {
      const { client, stop } = await openStepFunctions();
      onTestFinished(stop);

      const compared = await compareWorkflows(client);

      const differ = compared.filter(({ isSame }) => !isSame);
      expect(differ.filter(({ workflow }) => workflow.emulator === undefined).map(named)).toEqual([]);
      // A note about what was mended since misleads.
      const same = compared.filter(({ isSame }) => isSame);
      expect(same.filter(({ workflow }) => workflow.emulator !== undefined).map(named)).toEqual([]);
      expect(same.length).toBeGreaterThan(60);
    });
  },
);
