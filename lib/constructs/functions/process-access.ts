import { ArnFormat, Stack } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { acknowledgeWildcard } from '../acknowledge.ts';
import type { ExecutionRight } from './needs.ts';
import type { PlatformFunction } from './platform-function.ts';

/** The tag by which the owner of a state machine allows runs of processes to start it. Its value is theirs. */
export const PROCESS_TAG = 'runplane:process';

const RIGHTS: Record<ExecutionRight, { action: string; resource: string; name: string }> = {
  start: { action: 'states:StartExecution', resource: 'stateMachine', name: '*' },
  stop: { action: 'states:StopExecution', resource: 'execution', name: '*:*' },
  describe: { action: 'states:DescribeExecution', resource: 'execution', name: '*:*' },
};

/**
 * Rights on the processes of this account and region: any state machine with the tag, and the executions of
 * those, which carry the tags of their machine. Machines of others are out of reach.
 */
export function grantProcesses(grantee: PlatformFunction, rights: readonly ExecutionRight[]): void {
  for (const right of rights) {
    const { action, resource, name } = RIGHTS[right];
    const arn = Stack.of(grantee).formatArn({
      service: 'states',
      resource,
      resourceName: name,
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    });
    grantee.grantPrincipal.addToPrincipalPolicy(
      new PolicyStatement({
        actions: [action],
        resources: [arn],
        conditions: { StringLike: { [`aws:ResourceTag/${PROCESS_TAG}`]: '*' } },
      }),
    );
    acknowledgeWildcard(
      grantee,
      arn,
      `Processes are registered at run time; only machines that carry the tag ${PROCESS_TAG} are meant`,
    );
  }
}
