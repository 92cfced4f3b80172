import type { Account } from '../../lib/adapters/aws/account.ts';
import type { Caller } from '../../lib/adapters/aws/signed-questions.ts';
import { complaintOf } from '../commands/account-fault.ts';
import { Complaint, type Terminal } from '../commands/command.ts';
import { stackName } from '../commands/deployment.ts';
import { lookAtAccount } from '../commands/doctor/account-facts.ts';
import { aboutAccount } from '../commands/doctor/account-findings.ts';
import { report } from '../commands/doctor/finding.ts';
import { type Seen, seen } from '../commands/doctor/seen.ts';
import { listed } from '../commands/print.ts';
import { platformOptions, WrongOption } from '../platform-options.ts';
import type { DeployArguments } from './deploy-arguments.ts';

type Place = Pick<Terminal, 'environment' | 'complain' | 'openAccount'>;

/** Where STS is asked who somebody is that has not said where to deploy to: it answers alike everywhere. */
const ANYWHERE = 'us-east-1';

/**
 * Says which account and region is deployed to, and what its limits will not let happen, before anything is
 * bundled: that takes a minute.
 * @returns the region.
 * @throws Complaint for what would fail, with everything that is missing.
 */
export async function beforeDeploying(
  { profile, context }: DeployArguments,
  saved: Readonly<Record<string, unknown>>,
  { environment, complain, openAccount }: Place,
): Promise<string> {
  const stages = stagesOf({ ...saved, ...context });
  const region = await regionOf(await openAccount({ profile, region: named(environment) }));
  const account = await openAccount({ profile, region: region ?? ANYWHERE });
  try {
    const caller = await callerOf(account, profile);
    if ('fault' in caller || region === undefined)
      throw refusal([
        ...('fault' in caller ? [caller.fault] : []),
        ...(region === undefined ? [NO_REGION] : []),
      ]);
    const { account: id, arn } = caller.value;
    const what = `${stages.length === 1 ? 'stage' : 'stages'} ${listed(stages)}`;
    complain(`Deploys the ${what} to the account ${id}, in ${region}, as ${arn}.\n`);
    await assertFits(account, { stages, profile, region, complain });
  } finally {
    account.close();
  }
  return region;
}

/** @throws Complaint for options that the platform would refuse. */
function stagesOf(context: Readonly<Record<string, unknown>>): readonly string[] {
  try {
    return platformOptions({ ...context }).stages;
  } catch (error) {
    if (error instanceof WrongOption) throw new Complaint(error.message, 2);
    throw error;
  }
}

/** As the CDK looks for it; the SDK knows the first name only. */
const named = (environment: Place['environment']): string | undefined =>
  environment.AWS_REGION ||
  environment.AMAZON_REGION ||
  environment.AWS_DEFAULT_REGION ||
  environment.AMAZON_DEFAULT_REGION ||
  undefined;

/** Undefined where neither the environment nor the profile says it. The CDK would take one of its own choice. */
async function regionOf(account: Account): Promise<string | undefined> {
  try {
    return await account.region();
  } catch (error) {
    if (error instanceof Error && /Region is missing/.test(error.message)) return undefined;
    throw complaintOf(error, { to: 'find the region' });
  } finally {
    account.close();
  }
}

const NO_REGION =
  'No region is named: put AWS_REGION=eu-west-1, or another, before the command, or give your profile one.';

const callerOf = (account: Account, profile: string | undefined): Promise<Seen<Caller>> =>
  seen(async () => {
    try {
      return await account.caller();
    } catch (error) {
      throw complaintOf(error, { profile, to: 'ask who you are' });
    }
  });

const refusal = (faults: readonly string[]): Complaint =>
  new Complaint(
    ['Nothing was deployed.', ...faults, 'What a deployment needs is written in docs/deploy.md.'].join('\n'),
  );

interface Deployment {
  stages: readonly string[];
  profile: string | undefined;
  region: string;
  complain(text: string): void;
}

/** @throws Complaint for stages that the account has no room for. What can be lived with is a warning. */
async function assertFits(account: Account, { stages, profile, region, complain }: Deployment) {
  const found = await Promise.all(
    stages.map((stage) =>
      seen(async () => {
        try {
          return await account.stack(stackName(stage, 'runs'));
        } catch (error) {
          throw complaintOf(error, { profile, region, to: 'read the stacks' });
        }
      }),
    ),
  );
  // Whoever may only take on the CDK's roles cannot see the stacks: then none of them is called new.
  const added = found.filter((stack) => 'value' in stack && stack.value === undefined).length;
  const facts = await lookAtAccount(account, { profile, region });
  const hurting = aboutAccount(facts, added).filter(({ level }) => level !== 'ok');
  const fatal = hurting.filter(({ isFatal }) => isFatal === true);
  for (const finding of hurting.filter((one) => !fatal.includes(one))) complain(`${report(finding)}\n`);
  if (fatal.length > 0)
    throw refusal(fatal.map(({ sentence, remedy }) => [sentence, remedy].filter(Boolean).join(' ')));
}
