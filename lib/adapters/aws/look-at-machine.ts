import { DescribeStateMachineCommand, ListTagsForResourceCommand, type SFNClient } from '@aws-sdk/client-sfn';
import type { MachineLook } from '../../runs/ports.ts';
import { PROCESS_TAG } from './process-tag.ts';
import { EXPRESS } from './step-functions-executor.ts';
import { isTransient } from './transient.ts';

/** What no machine can be looked at with, and what to do about it. Rights end at the tag, so both look alike. */
const UNSEEN: Record<string, string> = {
  StateMachineDoesNotExist:
    'There is no such state machine in the account and region of this platform. Check its ARN.',
  InvalidArn: 'There is no such state machine in the account and region of this platform. Check its ARN.',
  ResourceNotFound:
    'There is no such state machine in the account and region of this platform. Check its ARN.',
  AccessDeniedException: `The state machine does not exist in the account and region of this platform, or does not carry the tag ${PROCESS_TAG}. Tag it; a tag counts after some seconds.`,
};

/** A version or alias is of the type, and under the tags, of its machine. */
const withoutQualifier = (machineArn: string): string => machineArn.split(':').slice(0, 7).join(':');

/** Without the definition, which can be 1 MB and needs the key that it may be encrypted with. */
const describe = (client: SFNClient, machineArn: string) =>
  client.send(
    new DescribeStateMachineCommand({
      stateMachineArn: withoutQualifier(machineArn),
      includedData: 'METADATA_ONLY',
    }),
  );

/**
 * Looks at a state machine of somebody's. Its query language does not matter: JSONPath and JSONata are given
 * the same input.
 */
export async function lookAtMachine(client: SFNClient, machineArn: string): Promise<MachineLook> {
  const unfit = (reason: string): MachineLook => ({ status: 'unfit', reason });
  try {
    const { type, status } = await describe(client, machineArn);
    if (type === 'EXPRESS') return unfit(EXPRESS);
    if (status === 'DELETING') return unfit('The state machine is being deleted. Register another one.');
    const { tags = [] } = await client.send(
      new ListTagsForResourceCommand({ resourceArn: withoutQualifier(machineArn) }),
    );
    const isTagged = tags.some(({ key }) => key === PROCESS_TAG);
    return isTagged
      ? { status: 'fit' }
      : unfit(
          `The state machine does not carry the tag ${PROCESS_TAG}, which allows runs to start it. Tag it.`,
        );
  } catch (error) {
    if (isTransient(error)) return { status: 'unknown', cause: error };
    const reason = error instanceof Error ? UNSEEN[error.name] : undefined;
    if (reason === undefined) throw error;
    return unfit(reason);
  }
}

/**
 * Whether a machine is known to be Express. One that cannot be looked at is not: what else is wrong with it, a
 * start says better.
 */
export async function isExpress(client: SFNClient, machineArn: string): Promise<boolean | undefined> {
  try {
    const described = await describe(client, machineArn);
    return described?.type === undefined ? undefined : described.type === 'EXPRESS';
  } catch (error) {
    if (isTransient(error)) return undefined;
    if (error instanceof Error && error.name in UNSEEN) return undefined;
    throw error;
  }
}
