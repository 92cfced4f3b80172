import { Duration, Stack } from 'aws-cdk-lib';
import { CfnWebACL, CfnWebACLAssociation } from 'aws-cdk-lib/aws-wafv2';
import { Construct } from 'constructs';
import type { OperationsApi } from './operations-api.ts';

export interface RateLimitProps {
  readonly api: OperationsApi;
  /** Requests that one address may make in five minutes. */
  readonly rate: number;
}

const WINDOW = Duration.minutes(5);

/** How long a caller is told to wait, in seconds: WAF looks anew every few seconds, and forgets within minutes. */
const RETRY_AFTER_SECONDS = 60;

const REFUSAL = {
  type: 'rate_limited',
  title: 'Too many requests',
  status: 429,
  detail: 'Too many requests from this address. Please try again in a minute.',
};

/**
 * Refuses an address that asks too often, before API Gateway counts its requests against the limit that all
 * callers share. It costs $6 a month and 60 cents a million requests.
 */
export class RateLimit extends Construct {
  constructor(scope: Construct, id: string, { api, rate }: RateLimitProps) {
    super(scope, id);
    const visibility = (metricName: string) => ({
      cloudWatchMetricsEnabled: true,
      metricName,
      sampledRequestsEnabled: false, // samples have headers, and headers have keys
    });
    const body = 'TooManyRequests';
    const acl = new CfnWebACL(this, 'Resource', {
      scope: 'REGIONAL',
      defaultAction: { allow: {} },
      visibilityConfig: visibility('AllRequests'),
      customResponseBodies: {
        [body]: { contentType: 'APPLICATION_JSON', content: JSON.stringify(REFUSAL) },
      },
      rules: [
        {
          name: 'RatePerAddress',
          priority: 0,
          statement: {
            rateBasedStatement: {
              aggregateKeyType: 'IP',
              evaluationWindowSec: WINDOW.toSeconds(),
              limit: rate,
            },
          },
          action: {
            block: {
              customResponse: {
                responseCode: REFUSAL.status,
                customResponseBodyKey: body,
                responseHeaders: [{ name: 'Retry-After', value: String(RETRY_AFTER_SECONDS) }],
              },
            },
          },
          visibilityConfig: visibility('RatePerAddress'),
        },
      ],
    });
    const { deploymentStage, restApiId } = api.resource;
    new CfnWebACLAssociation(this, 'Association', {
      webAclArn: acl.attrArn,
      resourceArn: Stack.of(this).formatArn({
        service: 'apigateway',
        account: '',
        resource: `/restapis/${restApiId}/stages/${deploymentStage.stageName}`,
      }),
    });
  }
}
