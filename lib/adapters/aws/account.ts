import {
  CloudFormationClient,
  DescribeStacksCommand,
  paginateDescribeStacks,
  type Stack as StackDescription,
} from '@aws-sdk/client-cloudformation';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { GetAccountSettingsCommand, LambdaClient } from '@aws-sdk/client-lambda';
import {
  GetAWSDefaultServiceQuotaCommand,
  GetServiceQuotaCommand,
  ServiceQuotasClient,
} from '@aws-sdk/client-service-quotas';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { type DynamoStores, dynamoStores } from './dynamo/dynamo-stores.ts';
import { type SignedQuestions, signedQuestions } from './signed-questions.ts';

/** Which account is meant, where the environment and the AWS configuration do not say. */
export interface AccountChoice {
  profile?: string | undefined;
  region?: string | undefined;
}

export interface Stack {
  name: string;
  /** CloudFormation's word, such as `UPDATE_COMPLETE`. */
  status: string;
  arn: string;
  outputs: Record<string, string>;
}

/** Named as Service Quotas names it. */
export interface Quota {
  service: string;
  code: string;
}

/** An AWS account in one region, as its operator sees it. Whatever AWS says is thrown as it comes. */
export interface Account {
  region(): Promise<string>;
  /** Whose credentials they are, as STS says. */
  caller: SignedQuestions['caller'];
  /** The roles of the account, in all regions. */
  roles: SignedQuestions['roles'];
  /** How many REST APIs the account has in this region. */
  restApis: SignedQuestions['restApis'];
  stack(name: string): Promise<Stack | undefined>;
  /** Every stack that the account has in this region. */
  stacks(): Promise<Stack[]>;
  /** How many functions may run at once, and how many of them no function has reserved for itself. */
  concurrency(): Promise<{ limit: number; unreserved: number }>;
  /** What holds for the account, else what holds for everybody. */
  quota(quota: Quota): Promise<number>;
  /** How many runs of a table nobody has looked after since an instant, up to a limit. */
  overdueRuns(query: { table: string; leaseBefore: string; limit: number }): Promise<number>;
  stores(table: string): DynamoStores;
  close(): void;
}

/**
 * Somebody waits for the answer: one retry, and no longer than a slow answer takes. In milliseconds.
 */
const PATIENCE = {
  maxAttempts: 2,
  requestHandler: { connectionTimeout: 5000, requestTimeout: 15_000, throwOnRequestTimeout: true },
};

/** Nothing is asked before something is called, so neither credentials nor a region need be there yet. */
export function openAccount({ profile, region }: AccountChoice = {}): Account {
  const config = {
    ...PATIENCE,
    ...(profile === undefined ? {} : { profile }),
    ...(region === undefined ? {} : { region }),
  };
  const formation = new CloudFormationClient(config);
  const functions = new LambdaClient(config);
  const quotas = new ServiceQuotasClient(config);
  const database = new DynamoDBClient(config);
  const stores = (table: string): DynamoStores => dynamoStores(DynamoDBDocumentClient.from(database), table);
  return {
    region: async () => formation.config.region(),
    ...signedQuestions({
      region: () => formation.config.region(),
      credentials: () => formation.config.credentials(),
    }),
    stack: async (name) => {
      try {
        const { Stacks = [] } = await formation.send(new DescribeStacksCommand({ StackName: name }));
        return Stacks.map(toStack)[0];
      } catch (error) {
        if (isMissing(error)) return undefined;
        throw error;
      }
    },
    stacks: async () => {
      const stacks: Stack[] = [];
      for await (const { Stacks = [] } of paginateDescribeStacks({ client: formation }, {}))
        stacks.push(...Stacks.map(toStack));
      return stacks;
    },
    concurrency: async () => {
      const { AccountLimit } = await functions.send(new GetAccountSettingsCommand({}));
      const limit = AccountLimit?.ConcurrentExecutions;
      const unreserved = AccountLimit?.UnreservedConcurrentExecutions ?? limit;
      if (limit === undefined || unreserved === undefined)
        throw new Error('Lambda did not say how many functions may run at once');
      return { limit, unreserved };
    },
    quota: async ({ service, code }) => {
      const name = { ServiceCode: service, QuotaCode: code };
      const { Quota: quota } = await quotas.send(new GetServiceQuotaCommand(name)).catch((error: unknown) => {
        // Some quotas have a value of the account's own only once it was changed.
        if (!(error instanceof Error && error.name === 'NoSuchResourceException')) throw error;
        return quotas.send(new GetAWSDefaultServiceQuotaCommand(name));
      });
      if (quota?.Value === undefined) throw new Error(`Service Quotas did not say what ${code} is`);
      return quota.Value;
    },
    overdueRuns: async ({ table, ...query }) => (await stores(table).runs.listOpen(query)).length,
    stores,
    close: () => {
      for (const client of [formation, functions, quotas, database]) client.destroy();
    },
  };
}

function toStack({ StackName, StackStatus, StackId, Outputs = [] }: StackDescription): Stack {
  const outputs = Outputs.flatMap(({ OutputKey, OutputValue }) =>
    OutputKey === undefined || OutputValue === undefined ? [] : [[OutputKey, OutputValue] as const],
  );
  return {
    name: StackName ?? '',
    status: StackStatus ?? 'UNKNOWN',
    arn: StackId ?? '',
    outputs: Object.fromEntries(outputs),
  };
}

/** CloudFormation has no error of its own for a stack that is not there. */
const isMissing = (error: unknown): boolean =>
  error instanceof Error && error.name === 'ValidationError' && /does not exist/.test(error.message);
