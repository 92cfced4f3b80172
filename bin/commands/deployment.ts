import type { Account, Stack } from '../../lib/adapters/aws/account.ts';
import { complaintOf } from './account-fault.ts';
import { Complaint, optional, type Terminal, type Values } from './command.ts';
import { listed } from './print.ts';

/** What a stage is deployed as. */
export const STACK_PARTS = ['storage', 'runs', 'examples', 'users', 'monitoring'] as const;
export type StackPart = (typeof STACK_PARTS)[number];

/** What CloudFormation lets a stack be called, less our own words around the stage. */
const STAGE = /^[A-Za-z0-9-]{1,100}$/;

/**
 * A stack of a stage, by the name that lib/stacks/platform-stage.ts gives it.
 * @throws Complaint for what no stage can be called.
 */
export function stackName(stage: string, part: StackPart): string {
  if (STAGE.test(stage)) return `runplane-${stage}-${part}`;
  throw new Complaint(`'${stage}' is no name of a stage: it has letters, digits and hyphens.`, 2);
}

/** Looks into the account that the options or the environment name, and closes it again. */
export async function inAccount<Seen>(
  values: Values,
  terminal: Terminal,
  to: string,
  look: (account: Account) => Promise<Seen>,
): Promise<Seen> {
  const choice = { profile: optional(values, 'profile'), region: optional(values, 'region') };
  const account = await terminal.openAccount(choice);
  try {
    return await look(account);
  } catch (error) {
    throw complaintOf(error, { ...choice, to });
  } finally {
    account.close();
  }
}

/**
 * An output of one of a stage's stacks.
 * @throws Complaint for a stage that is not there, with those that are, or that is not deployed whole.
 */
export async function outputOf(
  account: Account,
  stage: string,
  part: StackPart,
  output: string,
): Promise<string> {
  const stack = await account.stack(stackName(stage, part));
  if (stack === undefined) throw await noStage(account, stage);
  const value = stack.outputs[output];
  if (value === undefined) throw new Complaint(unfinished(stack));
  return value;
}

/** That there is no such stage, with those that there are. */
export async function noStage(account: Account, stage: string): Promise<Complaint> {
  const where = `There is no stage '${stage}' in ${await account.region()}`;
  const others = await stagesIn(account);
  if (others === undefined) return new Complaint(`${where}: is the region right (--region)?`);
  return new Complaint(
    others.length === 0
      ? `${where}, nor any other: is the region right (--region), or is nothing deployed there yet?`
      : `${where}: there ${others.length === 1 ? 'is' : 'are'} ${listed(others)}.`,
  );
}

/** Undefined for somebody who may look at a stack that they name, but not at all of them. */
async function stagesIn(account: Account): Promise<string[] | undefined> {
  try {
    const names = (await account.stacks()).map(({ name }) => /^runplane-(.+)-runs$/.exec(name)?.[1]);
    return names.filter((name) => name !== undefined).toSorted();
  } catch (error) {
    if (error instanceof Error && error.name.startsWith('AccessDenied')) return undefined;
    throw error;
  }
}

const unfinished = ({ name, status }: Stack): string =>
  `The stack ${name} is ${status} and has no outputs yet: wait for its deployment, or repeat it with npm run deploy.`;
