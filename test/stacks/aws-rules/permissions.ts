import { documentsOf, methodsOf } from './api-document.ts';
import { all, type Body, type Rule } from './body.ts';
import { text } from './written.ts';

interface Permission {
  Action: string;
  FunctionName: unknown;
  Principal: string;
  SourceArn?: unknown;
}

/** API Gateway calls a function only where the function's policy lets it: for each verb and path of each stage. */
export const methodsMayCall: Rule = (body) => {
  const stages = all<{ RestApiId: unknown; StageName: unknown }>(body, 'AWS::ApiGateway::Stage');
  return documentsOf(body).flatMap(([id, { paths }]) =>
    stages
      .filter(([, { RestApiId }]) => text(RestApiId) === text({ Ref: id }))
      .flatMap(([, { StageName }]) =>
        methodsOf(paths).flatMap(({ name, path, verb, method }) => {
          const called = /\/functions\/(.+)\/(?:response-streaming-)?invocations$/.exec(
            text(method['x-amazon-apigateway-integration']?.uri ?? ''),
          )?.[1];
          // A star stands for whatever a caller writes there, so only a star may let it pass.
          const asked = `${verb.startsWith('x-') ? '*' : verb.toUpperCase()}${path.replace(/\{[^}]+\}/g, '*')}`;
          const source = `${executeApi(id)}/${text(StageName)}/${asked}`;
          return mayCall(body, called ?? '', 'apigateway.amazonaws.com', source)
            ? []
            : [`${name} may not call ${called ?? 'what is no function'}`];
        }),
      ),
  );
};

interface EventRule {
  Targets?: { Arn: unknown }[];
}

/** So does EventBridge. */
export const rulesMayCall: Rule = (body) => {
  const functions = new Set(
    all(body, 'AWS::Lambda::Function').map(([id]) => text({ 'Fn::GetAtt': [id, 'Arn'] })),
  );
  return all<EventRule>(body, 'AWS::Events::Rule').flatMap(([id, { Targets = [] }]) =>
    Targets.flatMap(({ Arn }) => {
      const called = text(Arn);
      if (!functions.has(called)) return [`rule ${id} calls ${called}, which is no function`];
      const source = text({ 'Fn::GetAtt': [id, 'Arn'] });
      return mayCall(body, called, 'events.amazonaws.com', source)
        ? []
        : [`rule ${id} may not call ${called}`];
    }),
  );
};

/** An API's own ARN, as what calls a function names itself. */
function executeApi(id: string): string {
  const region = { Ref: 'AWS::Region' };
  const parts = ['arn:', { Ref: 'AWS::Partition' }, ':execute-api:', region, ':', { Ref: 'AWS::AccountId' }];
  return text({ 'Fn::Join': ['', [...parts, ':', { Ref: id }]] });
}

const mayCall = (body: Body, called: string, service: string, source: string): boolean =>
  all<Permission>(body, 'AWS::Lambda::Permission').some(
    ([, { Action, FunctionName, Principal, SourceArn }]) =>
      Action === 'lambda:InvokeFunction' &&
      text(FunctionName) === called &&
      Principal === service &&
      SourceArn !== undefined &&
      matches(text(SourceArn), source),
  );

/** As IAM's `ArnLike` matches: a star stands for anything. */
const matches = (pattern: string, value: string): boolean =>
  new RegExp(`^${pattern.split('*').map(escaped).join('.*')}$`).test(value);

const escaped = (part: string): string => part.replace(/[\\^$.|?+()[\]{}]/g, '\\$&');
