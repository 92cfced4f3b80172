import { all, atMost, grouped, type Rule } from './body.ts';
import { bytes, text } from './written.ts';

/**
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html; as the CDK writes it,
 * so it is for a template as it is uploaded, not for one with what is within it.
 */
export const templateSize: Rule = (body) =>
  atMost(1_000_000, Buffer.byteLength(JSON.stringify(body, undefined, 1)), 'bytes of the template');

interface Policy {
  PolicyDocument: unknown;
  Roles?: unknown[];
}

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html: white space does not count. */
export const inlinePolicies: Rule = (body) => {
  const own = all<{ Policies?: Policy[] }>(body, 'AWS::IAM::Role').flatMap(([id, { Policies = [] }]) =>
    Policies.map(({ PolicyDocument }) => [text({ Ref: id }), PolicyDocument] as const),
  );
  const attached = all<Policy>(body, 'AWS::IAM::Policy').flatMap(([, { PolicyDocument, Roles = [] }]) =>
    Roles.map((role) => [text(role), PolicyDocument] as const),
  );
  return grouped([...own, ...attached]).flatMap(([role, documents]) => {
    const characters = documents.map((document) => text(document).replace(/\s/g, '').length);
    return atMost(10_240, sum(characters), `characters of inline policies of ${role}`);
  });
};

interface LambdaFunction {
  Environment?: { Variables?: Record<string, unknown> };
}

/** https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html, names and values together. */
export const environments: Rule = (body) =>
  all<LambdaFunction>(body, 'AWS::Lambda::Function').flatMap(([id, { Environment }]) => {
    const sizes = Object.entries(Environment?.Variables ?? {}).map(([name, value]) =>
      bytes(name + text(value)),
    );
    return atMost(4096, sum(sizes), `bytes of the environment of ${id}`);
  });

interface Permission {
  FunctionName: unknown;
  Principal: unknown;
  SourceArn?: unknown;
}

/** The same page: each permission becomes a statement of the function's policy. */
export const resourcePolicies: Rule = (body) => {
  const statements = all<Permission>(body, 'AWS::Lambda::Permission').map(
    ([id, { FunctionName, Principal, SourceArn }]) =>
      [
        text(FunctionName),
        bytes({
          // CloudFormation's own name of the permission, and a code after it.
          Sid: text({ Ref: id }),
          Effect: 'Allow',
          Principal: { Service: Principal },
          Action: 'lambda:InvokeFunction',
          Resource: FunctionName,
          Condition: { ArnLike: { 'AWS:SourceArn': SourceArn } },
        }),
      ] as const,
  );
  return grouped(statements).flatMap(([id, sizes]) =>
    atMost(20_480, sum(sizes), `bytes of the resource policy of ${id}`),
  );
};

/** https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html */
export const eventPatterns: Rule = (body) =>
  all<{ EventPattern?: unknown }>(body, 'AWS::Events::Rule').flatMap(([id, { EventPattern = {} }]) =>
    atMost(2048, text(EventPattern).length, `characters of the event pattern of ${id}`),
  );

const sum = (numbers: readonly number[]): number => numbers.reduce((total, one) => total + one, 0);
