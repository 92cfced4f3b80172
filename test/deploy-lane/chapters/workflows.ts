import { compareWorkflows } from '../workflows/compare-workflows.ts';
import { installStepFunctions, openStepFunctions } from '../workflows/emulated-step-functions.ts';
import type { Lane } from './lane.ts';

/**
 * The definitions that the laptop's own interpreter is held to, on the emulator's Step Functions, where no wait takes
 * as long as it says.
 */
export async function compareInterpreters({ checks }: Lane): Promise<void> {
  const missing = await installStepFunctions();
  if (missing !== undefined) {
    checks.say(`workflows are not compared: ${missing}`);
    return;
  }
  const { client, stop } = await openStepFunctions();
  try {
    const compared = await compareWorkflows(client);
    // Where the emulator is known to be wrong, the definition says so; that it no longer is, is told as well.
    const unexplained = compared.filter(
      ({ isSame, workflow }) => isSame === (workflow.emulator !== undefined),
    );
    for (const { workflow, wanted, found } of unexplained)
      checks.check(`the workflow '${workflow.name}' comes to what it comes to on a laptop`, false, {
        wanted,
        found,
      });
    const same = compared.filter(({ isSame }) => isSame).length;
    const known = compared.length - same;
    checks.check(
      `${same} workflows come to what they come to on a laptop; of ${known} the emulator is known to be wrong`,
      unexplained.length === 0 && same > 60,
    );
  } finally {
    await stop();
  }
}
