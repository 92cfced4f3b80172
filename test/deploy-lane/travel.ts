import { once } from 'node:events';
import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { Checks } from './checks.ts';
import { travel } from './journeys.ts';
import { crossUpdate } from './open-runs.ts';
import { type IssuerOptions, tokenOfOrganization } from './own-issuer.ts';
import { type Neighbour, standApart } from './strangers.ts';
import { type Bearer, comeWithToken } from './tokens.ts';

/** Whoever travels does so in a process of their own: what certificates Node trusts is settled when it starts. */
const {
  AWS_ENDPOINT_URL = '',
  API_KEY = '',
  WORKSPACE_ID = '',
  STAGE = '',
  ORIGIN,
  ACT = 'travel',
} = process.env;

async function outputsOf(stack: string): Promise<Record<string, string | undefined>> {
  const client = new CloudFormationClient({});
  const { Stacks: [found] = [] } = await client.send(new DescribeStacksCommand({ StackName: stack }));
  client.destroy();
  return Object.fromEntries(
    (found?.Outputs ?? []).map(({ OutputKey = '', OutputValue }) => [OutputKey, OutputValue]),
  );
}

const { InvoiceTotalsArn = '', OrderReviewArn = '' } = await outputsOf(`runplane-${STAGE}-examples`);
const { ApiUrl = '' } = await outputsOf(`runplane-${STAGE}-runs`);
const checks = new Checks();
const journey = {
  ...{ stage: STAGE, apiKey: API_KEY, workspaceId: WORKSPACE_ID, origin: ORIGIN, checks },
  // The emulator serves an API at its own address, below the API's id.
  baseUrl: `${AWS_ENDPOINT_URL}/restapis/${new URL(ApiUrl).hostname.split('.')[0]}/${STAGE}/_user_request_`,
  machines: { invoiceTotals: InvoiceTotalsArn, orderReview: OrderReviewArn },
};

/** What the lane hands over to an act. */
const given = JSON.parse(process.env.GIVEN ?? 'null') as unknown;

/** The lane updates the stage when it hears that the runs are open, and says when it has done so. */
async function updated(): Promise<void> {
  const done = once(process, 'message');
  process.send?.('open');
  await done;
  process.disconnect();
}

const ACTS: Record<string, () => Promise<void>> = {
  travel: () => travel(journey, process.env.PARTS?.split(',')),
  'cross-update': () => crossUpdate(journey, updated),
  'stand-apart': () => standApart(journey, given as Neighbour),
  'come-with-token': () => comeWithToken(journey, given as Bearer),
  async 'come-with-own-token'() {
    const organizationId = 'org_of_the_lane';
    const issuer = given as IssuerOptions;
    const token = await tokenOfOrganization(issuer, organizationId);
    await comeWithToken(journey, { token, organizationId });
  },
};
const act = ACTS[ACT];
if (act === undefined) throw new Error(`There is no act ${ACT}`);
await act();
process.exitCode = checks.failed === 0 ? 0 : 1;
