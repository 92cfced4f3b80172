import { ArnFormat, Stack } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { PROCESS_TAG } from '../../adapters/aws/process-tag.ts';
import { acknowledgeWildcard } from '../acknowledge.ts';
import type { ExecutionRight } from './needs.ts';
import type { PlatformFunction } from './platform-function.ts';

export { PROCESS_TAG };

type MachineRight = ExecutionRight | 'look';

const RIGHTS: Record<MachineRight, { actions: string[]; resource: string; name: string }> = {
  // Whether a machine is an Express one is asked before it is started.
  start: {
    actions: ['states:StartExecution', 'states:DescribeStateMachine'],
    resource: 'stateMachine',
    name: '*',
  },
  stop: { actions: ['states:StopExecution'], resource: 'execution', name: '*:*' },
  describe: { actions: ['states:DescribeExecution'], resource: 'execution', name: '*:*' },
  look: {
    actions: ['states:DescribeStateMachine', 'states:ListTagsForResource'],
    resource: 'stateMachine',
    name: '*',
  },
};

/**
 * Rights on the processes of this account and region: any state machine with the tag, and the executions of
 * those, which carry the tags of their machine. Machines of others are out of reach.
 */
export function grantProcesses(grantee: PlatformFunction, rights: readonly MachineRight[]): void {
  for (const right of rights) {
    const { actions, resource, name } = RIGHTS[right];
    const arn = Stack.of(grantee).formatArn({
      service: 'states',
      resource,
      resourceName: name,
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    });
    grantee.grantPrincipal.addToPrincipalPolicy(
      new PolicyStatement({
        actions,
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
