import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ArnFormat, RemovalPolicy, Stack, Tags } from 'aws-cdk-lib';
import { Grant } from 'aws-cdk-lib/aws-iam';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import { DefinitionBody, LogLevel, StateMachine, StateMachineType } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { acknowledge, acknowledgeWildcard } from '../acknowledge.ts';
import { ROOT } from '../functions/bundle.ts';
import type { ExecutionRight } from '../functions/needs.ts';
import type { PlatformFunction } from '../functions/platform-function.ts';
import { PROCESS_TAG } from '../functions/process-access.ts';

export interface RunMachineProps {
  /** The Amazon States Language file in `lib/machines`, without its ending. */
  readonly definition: string;
  /** The functions that its `${placeholders}` stand for. */
  readonly tasks: Readonly<Record<string, PlatformFunction>>;
  readonly logRetention: RetentionDays;
  readonly tracing: boolean;
  /** Whoever starts it waits for its end, and its history is kept nowhere. */
  readonly isExpress?: boolean;
  /** Lets runs of processes start it, whoever's stack they are in. */
  readonly isProcess?: boolean;
}

/** A state machine of ours, a Standard one unless it says so: it may call its tasks and nothing else. */
export class RunMachine extends Construct {
  readonly resource: StateMachine;

  constructor(scope: Construct, id: string, props: RunMachineProps) {
    super(scope, id);
    const definition = readFileSync(join(ROOT, 'lib/machines', `${props.definition}.asl.json`), 'utf8');
    this.resource = new StateMachine(this, 'Resource', {
      stateMachineType: props.isExpress === true ? StateMachineType.EXPRESS : StateMachineType.STANDARD,
      definitionBody: DefinitionBody.fromString(definition),
      definitionSubstitutions: Object.fromEntries(
        Object.entries(props.tasks).map(([placeholder, task]) => [placeholder, task.functionArn]),
      ),
      logs: {
        level: LogLevel.ERROR,
        includeExecutionData: false, // what a caller said to an agent passes through a machine
        destination: new LogGroup(this, 'Logs', {
          retention: props.logRetention,
          removalPolicy: RemovalPolicy.DESTROY,
        }),
      },
      tracingEnabled: props.tracing,
    });
    for (const task of Object.values(props.tasks)) task.grantInvoke(this.resource);
    if (props.isProcess === true) Tags.of(this.resource).add(PROCESS_TAG, 'true');
    acknowledge(
      this,
      'SF1',
      props.isExpress === true
        ? 'Every execution has the record of its run, which says more; the log is for what failed'
        : 'Standard executions keep their whole history for 90 days; the log is for what failed',
    );
    if (!props.tracing) acknowledge(this, 'SF2', 'Tracing is opt-in: `-c tracing=true`');
    acknowledge(
      this,
      'IAM5[Resource::*]',
      'Delivering logs and traces of a state machine takes actions that know no resources',
    );
  }

  get machineArn(): string {
    return this.resource.stateMachineArn;
  }

  /** Lets a function start executions that it waits for. */
  grantStartSync(grantee: PlatformFunction): void {
    Grant.addToPrincipal({
      grantee,
      actions: ['states:StartSyncExecution'],
      resourceArns: [this.machineArn],
    });
  }

  /** Starting is a right on the machine; stopping and looking at are rights on its executions. */
  grant(grantee: PlatformFunction, rights: readonly ExecutionRight[]): void {
    const executions = Stack.of(this).formatArn({
      service: 'states',
      resource: 'execution',
      resourceName: `${this.resource.stateMachineName}:*`,
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    });
    const RIGHTS: Record<ExecutionRight, { action: string; resource: string }> = {
      start: { action: 'states:StartExecution', resource: this.machineArn },
      stop: { action: 'states:StopExecution', resource: executions },
      describe: { action: 'states:DescribeExecution', resource: executions },
    };
    for (const right of rights) {
      const { action, resource } = RIGHTS[right];
      Grant.addToPrincipal({ grantee, actions: [action], resourceArns: [resource] });
      if (resource === executions) {
        acknowledgeWildcard(
          grantee,
          executions,
          'Executions are named like their runs, by ids made at run time',
        );
      }
    }
  }
}
