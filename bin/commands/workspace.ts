import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { v7 as uuid } from 'uuid';
import { dynamoStores } from '../../lib/adapters/aws/dynamo-stores.ts';
import { createKey } from '../../lib/apis/create-key.ts';
import { createWorkspace } from '../../lib/apis/create-workspace.ts';
import { type Command, Complaint, required } from './command.ts';

/**
 * The first workspace of a deployment and its owner's key. No key exists yet that the API would take, so
 * this one writes to the table itself, with the AWS credentials of whoever deployed it.
 */
export const firstWorkspace: Command = {
  usage: 'workspace create --table <table name> --name <name> --email <owner> [--region <region>]',
  options: {
    table: { type: 'string' },
    name: { type: 'string' },
    email: { type: 'string' },
    region: { type: 'string' },
  },
  async act(values) {
    const [table, name, email] = ['table', 'name', 'email'].map((option) => required(values, option)) as [
      string,
      string,
      string,
    ];
    const region = typeof values.region === 'string' ? { region: values.region } : {};
    const client = DynamoDBDocumentClient.from(new DynamoDBClient(region));
    const platform = { ...dynamoStores(client, table), now: () => new Date(), newId: () => uuid() };
    try {
      const workspace = await createWorkspace(platform, name);
      const owner = { id: platform.newId(), email };
      const { token } = await createKey(platform, {
        workspaceId: workspace.id,
        name: 'First key',
        role: 'owner',
        owner,
      });
      const result = { workspaceId: workspace.id, apiKey: token };
      const sentence = `export WORKSPACE_ID="${workspace.id}"\nexport API_KEY="${token}"   # shown this once`;
      return { result, sentence };
    } catch (error) {
      throw new Complaint(explain(error, table));
    } finally {
      client.destroy();
    }
  },
};

/** What an operator can do about the ways in which AWS says no. */
function explain(error: unknown, table: string): string {
  const { name, message } = error instanceof Error ? error : { name: '', message: String(error) };
  switch (name) {
    case 'ResourceNotFoundException':
      return `There is no table ${table} here. The storage stack's outputs name it; is the region right (--region)?`;
    case 'CredentialsProviderError':
    case 'UnrecognizedClientException':
    case 'ExpiredTokenException':
      return 'AWS does not know you: sign in first, for instance with aws sso login, or set AWS_PROFILE.';
    case 'AccessDeniedException':
      return `You may not write to ${table}: use the credentials that deployed it.`;
    default:
      return /region/i.test(message) ? 'Say which region the table is in: --region.' : `${name}: ${message}`;
  }
}
