import { DeployedStage } from '../deployed-stage.ts';
import type { Deployment, Lane } from './lane.ts';

/** The deployment of README, and what its users do. Undefined when there is nothing to go on with. */
export async function deployDefaults({ account, checks, cdk }: Lane): Promise<Deployment | undefined> {
  const assembly = cdk.assembly('first', 'dev');
  const stage = new DeployedStage('dev', account, checks);
  const isUp =
    (await checks.attempt('cdk synth', () => cdk.synth(assembly))) &&
    (await checks.attempt('cdk bootstrap', () => cdk.bootstrap(assembly))) &&
    (await checks.attempt('cdk deploy --all', () => cdk.deploy(assembly))) &&
    (await stage.firstWorkspace());
  if (!isUp) return undefined;
  await stage.travel();
  await stage.lookBehind();
  await stage.lookInside();
  return { stage, assembly };
}
