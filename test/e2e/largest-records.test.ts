import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTableInput } from '../../lib/adapters/aws/dynamo/create-table.ts';
import { EMBEDDED_CREDENTIALS } from '../../lib/adapters/local/dynamo/embedded-credentials.ts';
import { startEmbeddedDynamo } from '../../lib/adapters/local/dynamo/embedded-dynamo.ts';
import { MAX_VERSION_BYTES } from '../../lib/agents/version.ts';
import { MAX_DEFINITION_BYTES } from '../../lib/apis/workspace-runs/configurations/configuration-drafts.ts';
import { MAX_METADATA_BYTES } from '../../lib/apis/workspace-runs/documents/document-limits.ts';
import { aDefinition } from '../support/agents.ts';
import { startTestPlatform, type TestPlatform } from '../support/platform.ts';

let platform: TestPlatform;
beforeAll(async () => {
  platform = await startTestPlatform();
});
afterAll(() => platform.close());

const bytesOf = (value: unknown): number => Buffer.byteLength(JSON.stringify(value));
/** What fills a value up to so many bytes of JSON, when `make` puts it into one. */
const fill = <Value>(bytes: number, make: (text: string) => Value): Value =>
  make('x'.repeat(bytes - bytesOf(make(''))));

// The embedded database refuses what DynamoDB would: see the last case.
describe('AWS allows 400 KB an item: the largest that each record may be is kept', () => {
  it('the definition of a configuration', async () => {
    const definition = fill(MAX_DEFINITION_BYTES, (x) => ({ fields: [], x }));
    const json = { name: 'é'.repeat(100), definition };

    expect(await platform.call('POST', 'configurations', { json })).toMatchObject({ status: 201 });
  });

  it('a version of an agent', async () => {
    const { status } = await platform.call('POST', '/api/v1/agents', {
      json: { id: 'large', name: 'Large' },
    });
    expect(status).toBe(201);
    const small = aDefinition('provider-of-test', 'Hello');
    const definition = { ...small, messages: manyMessages(MAX_VERSION_BYTES - bytesOf(small) - 2000) };

    expect(bytesOf(definition)).toBeGreaterThan(MAX_VERSION_BYTES - 10_000);
    expect(await platform.call('POST', '/api/v1/agents/large/versions', { json: definition })).toMatchObject({
      status: 201,
    });
  });

  it('a document with metadata', async () => {
    const form = new FormData();
    form.set('metadata', JSON.stringify(fill(MAX_METADATA_BYTES, (x) => ({ x }))));
    form.set('file', new Blob(['a,b\n1,2\n']), `${'é'.repeat(200)}.csv`);

    expect(await platform.call('POST', 'documents', { body: form })).toMatchObject({ status: 201 });
  });

  it('and more than that is refused by the database', async () => {
    const { endpoint, close } = await startEmbeddedDynamo({ tables: [createTableInput('items')] });
    const client = new DynamoDBClient({ endpoint, ...EMBEDDED_CREDENTIALS });
    const put = (length: number) => {
      const Item = { pk: { S: 'p' }, sk: { S: 's' }, text: { S: 'x'.repeat(length) } };
      return client.send(new PutItemCommand({ TableName: 'items', Item }));
    };
    try {
      await put(409_600 - 10); // names count as well
      await expect(put(409_600 - 9)).rejects.toMatchObject({ name: 'ValidationException' });
    } finally {
      client.destroy();
      await close();
    }
  });
});

/** Messages that no single text of which is longer than one may be. */
const manyMessages = (bytes: number) => {
  const count = 6;
  return Array.from({ length: count }, () => ({
    role: 'user',
    content: 'x'.repeat(Math.floor(bytes / count) - 40),
  }));
};
