import { Aws, RemovalPolicy } from 'aws-cdk-lib';
import {
  AccessLogField,
  AccessLogFormat,
  ApiDefinition,
  EndpointType,
  LogGroupLogDestination,
  MethodLoggingLevel,
  SpecRestApi,
} from 'aws-cdk-lib/aws-apigateway';
import { CfnPermission } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { type Operation, pathsOf } from '../../apis/operation/operation.ts';
import { acknowledge } from '../acknowledge.ts';
import type { PlatformFunction } from '../functions/platform-function.ts';
import { apiDefinition } from './api-definition.ts';

export interface OperationsApiProps {
  readonly operations: readonly Operation[];
  /** The function of each operation, by its id. */
  readonly functions: ReadonlyMap<string, PlatformFunction>;
  /** The function that answers what no operation does. */
  readonly fallback: PlatformFunction;
  readonly stageName: string;
  readonly corsOrigins: readonly string[];
  /** Requests a second that the stage lets through, and how many at once before that rate holds. */
  readonly throttling: { readonly rate: number; readonly burst: number };
  /** Whether the stack puts a web ACL before the stage. */
  readonly hasWebAcl: boolean;
  readonly logRetention: RetentionDays;
  readonly tracing: boolean;
}

/** The REST API over all operations, made from one OpenAPI document (decision 0001). */
export class OperationsApi extends Construct {
  readonly resource: SpecRestApi;
  readonly accessLogs: LogGroup;

  constructor(scope: Construct, id: string, props: OperationsApiProps) {
    super(scope, id);
    const { operations, fallback, stageName } = props;
    const logs = { retention: props.logRetention, removalPolicy: RemovalPolicy.DESTROY };
    this.accessLogs = new LogGroup(this, 'AccessLogs', logs);
    this.resource = new SpecRestApi(this, 'Resource', {
      restApiName: `runplane-${stageName}`,
      apiDefinition: ApiDefinition.fromInline(
        apiDefinition({
          title: `runplane-${stageName}`,
          operations,
          partition: Aws.PARTITION,
          region: Aws.REGION,
          functionOf: (op) => functionOf(props, op).functionArn,
          fallback: fallback.functionArn,
          corsOrigins: props.corsOrigins,
        }),
      ),
      endpointTypes: [EndpointType.REGIONAL],
      // Without this account-wide role API Gateway refuses a stage that logs. It outlives the stack, because
      // every other REST API of the account and region logs with it as well.
      cloudWatchRole: true,
      cloudWatchRoleRemovalPolicy: RemovalPolicy.RETAIN,
      deployOptions: {
        stageName,
        throttlingRateLimit: props.throttling.rate,
        throttlingBurstLimit: props.throttling.burst,
        accessLogDestination: new LogGroupLogDestination(this.accessLogs),
        accessLogFormat: ACCESS_LOG,
        loggingLevel: MethodLoggingLevel.ERROR,
        dataTraceEnabled: false, // bodies are documents and conversations of our users
        metricsEnabled: false, // by method they are custom metrics, at 30 cents each a month; the API's own are free
        tracingEnabled: props.tracing,
      },
    });
    this.resource.node.tryRemoveChild('Endpoint'); // an output of the same URL as our own
    // API Gateway makes this log group itself, without an end to its retention, unless it finds it there.
    const executionLogs = new LogGroup(this, 'ExecutionLogs', {
      ...logs,
      logGroupName: `API-Gateway-Execution-Logs_${this.resource.restApiId}/${stageName}`,
    });
    const permissions = operations.flatMap((op) =>
      pathsOf(op).map((path) => this.#permit(functionOf(props, op), stageName, op.method, path)),
    );
    permissions.push(this.#permit(fallback, stageName, '*', '/*'));
    // A stage that has new functions before it may call them would answer 500 meanwhile.
    this.resource.deploymentStage.node.addDependency(executionLogs, ...permissions);
    this.#acknowledge(props);
  }

  get url(): string {
    return this.resource.url;
  }

  /**
   * One permission per function and path, for its own route of this API and stage. It stands here and not with
   * the function, whose stack is made before there is an API.
   */
  #permit({ functionArn }: PlatformFunction, stageName: string, method: string, path: string): CfnPermission {
    return new CfnPermission(this, `${method} ${path}`, {
      action: 'lambda:InvokeFunction',
      functionName: functionArn,
      principal: 'apigateway.amazonaws.com',
      sourceArn: this.resource.arnForExecuteApi(method, path.replace(/\{[^}]+\}/g, '*'), stageName),
    });
  }

  #acknowledge({ hasWebAcl }: OperationsApiProps): void {
    acknowledge(this, 'APIG2', 'Handlers check every request, each in the words of its own API');
    if (!hasWebAcl) {
      acknowledge(
        this,
        'APIG3',
        'A web ACL costs more a month than the idle platform; who wants one asks for it: `-c wafRate=<requests>`',
      );
    }
    acknowledge(
      this,
      'IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs]',
      'The account-wide role that API Gateway documents for its logs; it writes logs of APIs and nothing else',
    );
  }
}

function functionOf({ functions }: Pick<OperationsApiProps, 'functions'>, op: Operation): PlatformFunction {
  const found = functions.get(op.operationId);
  if (found === undefined) throw new Error(`${op.operationId} has no function`);
  return found;
}

/** Who was answered what, and where the time went. No query and no header: keys may be in them. */
const ACCESS_LOG = AccessLogFormat.custom(
  JSON.stringify({
    stage: AccessLogField.contextStage(),
    requestId: AccessLogField.contextRequestId(),
    route: AccessLogField.contextResourcePath(),
    method: AccessLogField.contextHttpMethod(),
    path: AccessLogField.contextPath(),
    status: AccessLogField.contextStatus(),
    responseLength: AccessLogField.contextResponseLength(),
    responseLatency: AccessLogField.contextResponseLatency(),
    integrationLatency: AccessLogField.contextIntegrationLatency(),
    errorType: AccessLogField.contextErrorResponseType(),
    ip: AccessLogField.contextIdentitySourceIp(),
    userAgent: AccessLogField.contextIdentityUserAgent(),
    at: AccessLogField.contextRequestTimeEpoch(),
  }),
);
