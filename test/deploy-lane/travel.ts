import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { Checks } from './checks.ts';
import { travel } from './journeys.ts';

/** The journeys in a process of their own: what certificates Node trusts is settled when it starts. */
const { BASE_URL = '', API_KEY = '', WORKSPACE_ID = '', STAGE = '', ORIGIN, PARTS } = process.env;

async function outputsOf(stack: string): Promise<Record<string, string | undefined>> {
  const client = new CloudFormationClient({});
  const { Stacks: [found] = [] } = await client.send(new DescribeStacksCommand({ StackName: stack }));
  client.destroy();
  return Object.fromEntries(
    (found?.Outputs ?? []).map(({ OutputKey = '', OutputValue }) => [OutputKey, OutputValue]),
  );
}

const { InvoiceTotalsArn = '', OrderReviewArn = '' } = await outputsOf(`runplane-${STAGE}-examples`);
const checks = new Checks();
await travel(
  {
    ...{ baseUrl: BASE_URL, apiKey: API_KEY, workspaceId: WORKSPACE_ID, stage: STAGE, checks },
    origin: ORIGIN,
    machines: { invoiceTotals: InvoiceTotalsArn, orderReview: OrderReviewArn },
  },
  PARTS?.split(','),
);
process.exitCode = checks.failed === 0 ? 0 : 1;
