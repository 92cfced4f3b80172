import { cp } from 'node:fs/promises';
import { isDeepStrictEqual } from 'node:util';
import { becomeAnotherVersion, becomeFaulty } from '../next-version.ts';
import { ownIssuer } from '../own-issuer.ts';
import { BRIEFLY, type Deployment, type Lane, ORIGIN } from './lane.ts';

/** The next version is deployed while runs are open, and one that cannot be is taken back. Answers what stands then. */
export async function update(lane: Lane, first: Deployment): Promise<Deployment> {
  const next = await becomeNext(lane, first);
  if (next === undefined) return first;
  await refuseFaulty(lane, next);
  return next;
}

/** Other code, other machines, and other options: those that the stage of every option could not have. */
async function becomeNext(
  { account, checks, cdk }: Lane,
  { stage }: Deployment,
): Promise<Deployment | undefined> {
  const assembly = cdk.assembly('next', stage.name);
  const issuer = ownIssuer(account.endpoint);
  const isMade = await checks.attempt('cdk synth of the next version', async () => {
    await cdk.synth(assembly, { corsOrigins: ORIGIN, tracing: 'true', ...issuer });
    await becomeAnotherVersion(assembly, 'next');
  });
  if (!isMade) return undefined;
  const before = { versions: await stage.versions(), url: (await stage.stack('runs')).outputs.ApiUrl };
  let isUpdated = false;
  await stage.act('cross-update', {}, async () => {
    isUpdated = await checks.attempt('cdk deploy --all updates the stage', () => cdk.deploy(assembly));
  });
  if (!isUpdated) return undefined;
  const after = await stage.versions();
  const old = Object.keys(before.versions).filter((name) => before.versions[name] === after[name]);
  checks.check('every function and state machine is the next version', old.length === 0, old);
  const { outputs } = await stage.stack('runs');
  checks.check('its address is the one it had', outputs.ApiUrl === before.url, [before.url, outputs.ApiUrl]);
  await stage.travel({ origin: ORIGIN, parts: BRIEFLY });
  await stage.act('come-with-own-token', { GIVEN: JSON.stringify(issuer) });
  await stage.lookBehind();
  return { stage, assembly };
}

async function refuseFaulty({ checks, cdk }: Lane, { stage, assembly }: Deployment): Promise<void> {
  const faulty = cdk.assembly('faulty', stage.name);
  await cp(assembly.folder, faulty.folder, { recursive: true });
  await becomeFaulty(faulty);
  const before = await stage.versions();
  const said = await cdk.deploy(faulty, 'runs').then(
    () => 'It was deployed.',
    (error: unknown) => String(error),
  );
  checks.check('a version that cannot be deployed is refused', /OfNobody/.test(said), said.slice(-600));
  const { status } = await stage.stack('runs');
  checks.check('and rolled back', status === 'UPDATE_ROLLBACK_COMPLETE', status);
  const after = await stage.versions();
  checks.check('to the version that was there', isDeepStrictEqual(after, before), after);
  await stage.travel({ origin: ORIGIN });
  await stage.lookBehind();
}
