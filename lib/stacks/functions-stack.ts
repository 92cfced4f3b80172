import { NestedStack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { ApiName } from '../apis/operation/operation.ts';

/**
 * The functions of one API, with their roles and logs: a stack of their own, for CloudFormation takes 500
 * resources in one, and nested, so that routes and functions change together or not at all (decision 0005).
 */
export class FunctionsStack extends NestedStack {
  constructor(scope: Construct, api: ApiName) {
    const id = `${pascal(api)}Functions`;
    super(scope, id, { description: `Runplane: the functions of ${api}` });
    // CloudFormation makes the stack's name of it, and the functions' names of that one; the CDK's is 80 long.
    this.nestedStackResource?.overrideLogicalId(id);
  }

  /**
   * As the stack around it. The CDK compares with the names that `cdk deploy --exclusively` was given, which
   * this one is never among, and would deploy the repository in place of a function's code.
   */
  override get bundlingRequired(): boolean {
    return this.nestedStackParent?.bundlingRequired ?? super.bundlingRequired;
  }
}

/** `thread-runs` → `ThreadRuns`. */
const pascal = (api: ApiName): string =>
  api
    .split('-')
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('');
