import { isDeepStrictEqual } from 'node:util';
import { DeployedStage } from '../deployed-stage.ts';
import type { Bearer } from '../tokens.ts';
import { BRIEFLY, type Deployment, KEPT, type Lane, ORIGIN } from './lane.ts';

const MAIL = 'ops@example.com';
/** Every option there is but those of a provider of tokens, which a user pool takes the place of. */
const EVERY_OPTION = {
  ...{ corsOrigins: `${ORIGIN},https://admin.example.com`, alarmEmail: MAIL, wafRate: '2000' },
  ...{ tracing: 'true', cognito: 'true' },
};

/** A second stage, with every option, beside the first: neither knows of the other, and one outlives the other. */
export async function standSideBySide(lane: Lane, first: Deployment): Promise<void> {
  const { account, checks, cdk } = lane;
  const assembly = cdk.assembly('every-option', 'prod');
  const stage = new DeployedStage('prod', account, checks);
  const isUp =
    (await checks.attempt('cdk synth with every option', () => cdk.synth(assembly, EVERY_OPTION))) &&
    (await checks.attempt('cdk deploy --all beside the first stage', () => cdk.deploy(assembly))) &&
    (await stage.firstWorkspace());
  if (!isUp) return;
  await stage.travel({ origin: ORIGIN });
  await seeOptions(lane, stage);
  await stage.lookBehind();
  await stage.lookInside();
  await seeApart(lane, first.stage, stage);

  await checks.attempt('cdk destroy of the second stage', () => cdk.destroy(assembly));
  const kept = await stage.stands();
  const isAsSaid = isDeepStrictEqual(kept, { ...KEPT, userPools: 1 });
  checks.check('what stays of it is what docs/deploy.md says', isAsSaid, kept);
  await first.stage.travel({ parts: BRIEFLY });
}

async function seeOptions({ account, checks }: Lane, stage: DeployedStage): Promise<void> {
  const user = (await account.look('sign-in', stage.prefix, 'ada@example.com')) as {
    sub: string;
    token: string;
    accessToken: string;
  };
  const bearer: Bearer = { token: user.token, wrongToken: user.accessToken, sub: user.sub };
  await stage.act('come-with-token', { GIVEN: JSON.stringify(bearer) });
  const untraced = await account.look('untraced', stage.prefix);
  checks.check('tracing: every function is traced', isDeepStrictEqual(untraced, []), untraced);
  const written = await account.look('written-to', stage.prefix);
  checks.check('alarmEmail: alarms go to the address', isDeepStrictEqual(written, [MAIL]), written);
  const { webAcls } = await stage.stands();
  checks.check('wafRate: there is a web ACL', webAcls === 1, webAcls);
  checks.say('NOT SEEN of these options: the emulator evaluates no web ACL, sends no mail, keeps no traces');
}

async function seeApart({ account, checks }: Lane, one: DeployedStage, other: DeployedStage): Promise<void> {
  for (const [here, there] of [
    [one, other],
    [other, one],
  ] as const) {
    const neighbour = { apiKey: there.workspace.API_KEY, workspaceId: there.workspace.WORKSPACE_ID };
    await here.act('stand-apart', { GIVEN: JSON.stringify(neighbour) });
    const names = [
      there.prefix,
      neighbour.workspaceId,
      neighbour.apiKey.slice(0, neighbour.apiKey.indexOf('.')),
    ];
    const mentioned = await account.look('mentions', here.prefix, ...names);
    checks.check(
      `${here.name}: no right, variable, item or file names what is ${there.name}'s`,
      isDeepStrictEqual(mentioned, []),
      mentioned,
    );
  }
}
