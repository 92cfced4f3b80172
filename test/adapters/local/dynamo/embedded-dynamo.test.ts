import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, readdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  DescribeTableCommand,
  DynamoDBClient,
  PutItemCommand,
  paginateScan,
  ScanCommand,
} from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, GetCommand, PutCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import database from 'dynalite/db/index.js';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createTableInput } from '../../../../lib/adapters/aws/dynamo/create-table.ts';
import { TABLE } from '../../../../lib/adapters/aws/dynamo/table.ts';
import {
  type EmbeddedDynamoOptions,
  startEmbeddedDynamo,
} from '../../../../lib/adapters/local/dynamo/embedded-dynamo.ts';
import { removeExpired } from '../../../../lib/adapters/local/dynamo/remove-expired.ts';
import { FolderError } from '../../../../lib/adapters/local/folder-error.ts';
import { programOf } from '../../../support/program.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { dynamoClient } from './dynamo-client.ts';

const TableName = 'runplane';

async function open(options: EmbeddedDynamoOptions = {}, table = TableName) {
  const dynamo = await startEmbeddedDynamo({ tables: [createTableInput(table)], ...options });
  const client = dynamoClient(dynamo.endpoint);
  const close = async () => {
    client.destroy();
    await dynamo.close();
  };
  const inThread = new DynamoDBClient(dynamo.clientConfig);
  return { ...dynamo, close, client, inThread, documents: DynamoDBDocumentClient.from(client) };
}

/** The client that asks as worker threads do, or the one that asks as the main thread does. */
const WAYS = [
  ['over HTTP', 'client'],
  ['in its own thread', 'inThread'],
] as const;

async function openForTest(options: EmbeddedDynamoOptions = {}, table = TableName) {
  const opened = await open(options, table);
  onTestFinished(opened.close);
  return opened;
}

async function scan(client: DynamoDBClient, input: { TableName: string; IndexName?: string }) {
  const found: string[] = [];
  for await (const { Items = [] } of paginateScan({ client }, input)) {
    for (const item of Items) found.push(JSON.stringify(item, Object.keys(item).sort()));
  }
  return found.sort();
}

/** What an index has to hold, told from the items. */
async function expectIndexesToAgree(client: DynamoDBClient, table: string) {
  const items: Record<string, { S: string }>[] = [];
  for await (const { Items = [] } of paginateScan({ client }, { TableName: table })) {
    items.push(...(Items as typeof items));
  }
  for (const [IndexName, index] of Object.entries(TABLE.indexes)) {
    const keys = [index.partition, index.sort, TABLE.key.partition, TABLE.key.sort];
    const expected = items
      .filter((item) => item[index.partition] !== undefined && item[index.sort] !== undefined)
      .map((item) => Object.fromEntries(keys.map((key) => [key, item[key]])))
      .map((item) => JSON.stringify(item, Object.keys(item).sort()))
      .sort();
    expect(await scan(client, { TableName: table, IndexName })).toEqual(expected);
  }
  return items.length;
}

function byParent() {
  const [found] = Object.entries(TABLE.indexes).filter(([, { partition }]) => partition === 'parent');
  const [name, index] = found ?? expect.unreachable('the table has no index by parent');
  return { name, index };
}

const anItem = (sk: string, extra: Record<string, unknown> = {}) => ({ pk: 'WS#1', sk, ...extra });

describe('startEmbeddedDynamo', () => {
  it('says of a file in its place that this one is no folder', async () => {
    const file = join(await temporaryFolder(), 'database');
    await writeFile(file, '');

    await expect(startEmbeddedDynamo({ folder: file })).rejects.toThrow(`${file} is not a folder.`);
  });

  it('keeps conditional writes, refuses the losing one', async () => {
    const { documents } = await openForTest();
    const put = new PutCommand({
      TableName,
      Item: anItem('1'),
      ConditionExpression: 'attribute_not_exists(pk)',
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    });
    await documents.send(put);

    await expect(documents.send(put)).rejects.toMatchObject({ name: 'ConditionalCheckFailedException' });
  });

  it('holds items up to 400 KB and pages of 1 MB', async () => {
    const { documents } = await openForTest();
    const bytes = new Uint8Array(390 * 1024).fill(7);
    for (const sk of ['1', '2', '3', '4']) {
      await documents.send(new PutCommand({ TableName, Item: anItem(sk, { bytes }) }));
    }

    const { Items, LastEvaluatedKey } = await documents.send(
      new QueryCommand({
        TableName,
        KeyConditionExpression: 'pk = :pk',
        ExpressionAttributeValues: { ':pk': 'WS#1' },
        ScanIndexForward: false,
      }),
    );

    expect(Items?.map(({ sk }) => sk)).toEqual(['4', '3', '2']);
    expect(LastEvaluatedKey).toEqual({ pk: 'WS#1', sk: '2' });
  });

  it('finds its tables and items again after a restart', async () => {
    const folder = await temporaryFolder();
    const first = await open({ folder });
    await first.documents.send(new PutCommand({ TableName, Item: anItem('1', { parent: 'P' }) }));
    await first.close();

    const second = await openForTest({ folder });

    const { Item } = await second.documents.send(new GetCommand({ TableName, Key: anItem('1') }));
    expect(Item).toEqual(anItem('1', { parent: 'P' }));
    await expectIndexesToAgree(second.client, TableName);
  });

  it('rebuilds indexes that differ from their items, opens a table that was being created', async () => {
    const folder = await temporaryFolder();
    const first = await open({ folder });
    for (const sk of ['1', '2']) {
      await first.documents.send(new PutCommand({ TableName, Item: anItem(sk, { parent: 'P' }) }));
    }
    await first.close();
    const store = database.create({ path: folder });
    const byParent: [string, unknown][] = [];
    for await (const entry of store.db.iterator({ gte: 'index-', lt: 'index-~' })) byParent.push(entry);
    expect(byParent).toHaveLength(2);
    const [[lost], [kept, value]] = byParent as [[string, unknown], [string, object]];
    for await (const [key, table] of store.db.iterator({ gte: 'table~', lt: 'table~~' })) {
      await store.db.batch([{ type: 'put', key, value: { ...(table as object), TableStatus: 'CREATING' } }]);
    }
    await store.db.batch([
      { type: 'del', key: lost },
      { type: 'put', key: `${kept}x`, value: { ...value, sk: { S: 'without an item' } } },
    ]);
    await store.db.close();

    const second = await openForTest({ folder });

    expect(await expectIndexesToAgree(second.client, TableName)).toBe(2);
    const { Table } = await second.client.send(new DescribeTableCommand({ TableName }));
    expect(Table?.TableStatus).toBe('ACTIVE');
  });

  it('survives a kill in the middle of writes with indexes that agree', async () => {
    const folder = await temporaryFolder();
    const script = await programOf('test/adapters/local/dynamo/write-until-killed.ts');
    const child = spawn(process.execPath, [script, folder], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    onTestFinished(() => {
      child.kill('SIGKILL');
    });
    await once(child.stdout, 'data');
    await sleep(100);
    child.kill('SIGKILL');
    await once(child, 'exit');

    const after = await openForTest({ folder }, 'killed');

    expect(await expectIndexesToAgree(after.client, 'killed')).toBeGreaterThan(8);
  });

  it('says so when another process has the folder', async () => {
    const folder = await temporaryFolder();
    await openForTest({ folder });

    await expect(startEmbeddedDynamo({ folder })).rejects.toThrow('Is another process using it?');
  });

  describe('that finds its files', () => {
    const PARENTS = 40;
    /** A database that was written to in two lives, the second of which ended like this. */
    async function aFolder(end: 'closed' | 'killed'): Promise<string> {
      const folder = join(await temporaryFolder(), 'database');
      for (const life of [1, 2]) {
        const opened = await open({ folder });
        for (let n = 0; n < PARENTS; n += 1)
          await opened.documents.send(
            new PutCommand({ TableName, Item: anItem(`${life}-${n}`, { parent: 'P' }) }),
          );
        if (end === 'killed' && life === 2) await cp(folder, `${folder}-then`, { recursive: true });
        if (end === 'killed' && life === 2) await cp(`${folder}.json`, `${folder}-then.json`);
        await opened.close();
      }
      return end === 'killed' ? `${folder}-then` : folder;
    }
    const nameLike = async (folder: string, pattern: RegExp): Promise<string> =>
      join(folder, (await readdir(folder)).findLast((name) => pattern.test(name)) ?? expect.unreachable());
    const damages: [title: string, damage: (folder: string) => Promise<void>][] = [
      ['gone', async (folder) => rm(folder, { recursive: true })],
      [
        'all gone from the folder',
        async (folder) => {
          for (const name of await readdir(folder)) await rm(join(folder, name));
        },
      ],
      ['without CURRENT', async (folder) => rm(join(folder, 'CURRENT'))],
      ['with an empty CURRENT', async (folder) => writeFile(join(folder, 'CURRENT'), '')],
      ['without the manifest', async (folder) => rm(await nameLike(folder, /^MANIFEST/))],
      [
        'with a manifest of something else',
        async (folder) => writeFile(await nameLike(folder, /^MANIFEST/), 'something else'),
      ],
      ['without a table', async (folder) => rm(await nameLike(folder, /\.ldb$/))],
      ['with an empty table', async (folder) => writeFile(await nameLike(folder, /\.ldb$/), '')],
      ['without its log', async (folder) => rm(await nameLike(folder, /\.log$/))],
      ['with an empty log', async (folder) => writeFile(await nameLike(folder, /\.log$/), '')],
      [
        'with a changed byte in its log',
        async (folder) => {
          const log = await nameLike(folder, /\.log$/);
          const bytes = await readFile(log);
          bytes[2000] = (bytes[2000] ?? 0) ^ 1;
          await writeFile(log, bytes);
        },
      ],
    ];
    describe.each(['closed', 'killed'] as const)('after it was %s', (end) => {
      it.each(damages)('%s: it is refused, and not made anew', async (_, damage) => {
        const folder = await aFolder(end);
        await damage(folder);

        for (const _again of [1, 2]) {
          const failure = await startEmbeddedDynamo({ folder }).then(
            () => expect.unreachable('it was opened'),
            (error: unknown) => error,
          );
          expect(failure).toBeInstanceOf(FolderError);
          expect(String(failure)).toContain(`The database in ${folder} is damaged: `);
          expect(String(failure)).not.toMatch(/Corruption|IO error|descriptor|LEVEL/);
        }
      });

      it('as it left them: it finds everything', async () => {
        const { client } = await openForTest({ folder: await aFolder(end) });
        expect(await expectIndexesToAgree(client, TableName)).toBe(2 * PARENTS);
      });
    });

    it('cut off at the end of its log by a kill: it goes on', async () => {
      const folder = await aFolder('killed');
      const log = await nameLike(folder, /\.log$/);
      await truncate(log, (await stat(log)).size - 3);

      const { client } = await openForTest({ folder });
      expect(await expectIndexesToAgree(client, TableName)).toBe(2 * PARENTS - 1);
    });

    it('never made: it makes them, unless it is told that they were', async () => {
      const folder = join(await temporaryFolder(), 'database');
      await expect(startEmbeddedDynamo({ folder, isExpected: true })).rejects.toThrow(FolderError);
      await openForTest({ folder });
    });
  });

  it.each(WAYS)(
    'asked %s, answers a write that fails, takes none after it until it is reopened, and has lost nothing then',
    async (_way, asked) => {
      const folder = join(await temporaryFolder(), 'database');
      const { create } = database;
      let isFull = false;
      database.create = (options) => {
        const store = create(options);
        const put = store.db._put;
        store.db._put = async (...args) => {
          if (isFull) throw new Error('IO error: No space left on device');
          return put.apply(store.db, args);
        };
        return store;
      };
      onTestFinished(() => {
        database.create = create;
      });
      const failures: unknown[] = [];
      const { [asked]: client, reopen } = await openForTest({
        folder,
        onWriteFailed: (error) => failures.push(error),
      });
      const documents = DynamoDBDocumentClient.from(client);
      const put = (sk: string) =>
        documents.send(new PutCommand({ TableName, Item: anItem(sk, { parent: 'P' }) }));
      const get = (sk: string) => documents.send(new GetCommand({ TableName, Key: anItem(sk) }));

      await put('before');
      isFull = true;
      await expect(put('refused')).rejects.toMatchObject({ name: 'InternalServerError' });
      isFull = false;
      await expect(put('refused too')).rejects.toMatchObject({ name: 'InternalServerError' });
      expect((await get('before')).Item).toBeDefined();
      expect(failures).toHaveLength(1);

      const [, written] = await Promise.all([reopen(), put('while it is reopened')]);
      expect(written.$metadata.httpStatusCode).toBe(200);
      await put('after');
      expect(await expectIndexesToAgree(client, TableName)).toBe(3);
      expect(await scan(client, { TableName })).toHaveLength(3);
    },
  );

  it('leaves no iterator of LevelDB open behind a query or a scan, also one that stops early', async () => {
    const { create } = database;
    const counts = { opened: 0, closed: 0 };
    database.create = (options) => {
      const store = create(options);
      const values = store.db.values.bind(store.db);
      store.db.values = (range) => {
        counts.opened += 1;
        const iterator = values(range);
        const close = iterator.close.bind(iterator);
        iterator.close = () => {
          counts.closed += 1;
          return close();
        };
        return iterator;
      };
      return store;
    };
    onTestFinished(() => {
      database.create = create;
    });
    const { documents, client } = await openForTest({ folder: join(await temporaryFolder(), 'database') });
    for (let n = 0; n < 40; n += 1)
      await documents.send(new PutCommand({ TableName, Item: anItem(String(n), { parent: 'P' }) }));

    const ofItems = { KeyConditionExpression: 'pk = :key', ExpressionAttributeValues: { ':key': 'WS#1' } };
    for (const Limit of [undefined, 1, 5, 40]) {
      for (const ScanIndexForward of [true, false])
        await documents.send(new QueryCommand({ TableName, ...ofItems, Limit, ScanIndexForward }));
      await client.send(new ScanCommand({ TableName, Limit }));
    }
    const { name, index } = byParent();
    await documents.send(
      new QueryCommand({
        ...{ TableName, IndexName: name, Limit: 3 },
        KeyConditionExpression: '#parent = :parent',
        ExpressionAttributeNames: { '#parent': index.partition },
        ExpressionAttributeValues: { ':parent': 'P' },
      }),
    );

    expect(counts.opened).toBeGreaterThanOrEqual(13);
    await expect.poll(() => counts.closed).toBe(counts.opened);
  });

  it('drops expired items on boot', async () => {
    const folder = await temporaryFolder();
    const first = await open({ folder });
    await first.documents.send(
      new PutCommand({ TableName, Item: anItem('old', { ttl: 1000, parent: 'P' }) }),
    );
    await first.documents.send(
      new PutCommand({ TableName, Item: anItem('new', { ttl: 3000, parent: 'P' }) }),
    );
    await first.close();

    const second = await openForTest({ folder, now: () => new Date(2_000_000) });

    expect(await scan(second.client, { TableName })).toHaveLength(1);
    await expectIndexesToAgree(second.client, TableName);
  });

  it('outlives clients that break off in the middle of a request', async () => {
    const { endpoint, client } = await openForTest();
    const { port, hostname } = new URL(endpoint);
    const socket = connect(Number(port), hostname);
    socket.write(`POST / HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nContent-Length: 1000\r\n\r\nhalf`);
    await sleep(50);
    socket.destroy();
    await sleep(50);

    await expect(client.send(new DescribeTableCommand({ TableName }))).resolves.toBeDefined();
  });

  it('refuses web pages', async () => {
    const { endpoint } = await openForTest();

    const answer = await fetch(endpoint, {
      method: 'POST',
      headers: { Origin: 'https://example.com' },
      body: '{}',
    });

    expect(answer.status).toBe(403);
  });

  it.each(WAYS)('asked %s, closes within a second while requests are at work', async (_way, asked) => {
    const { [asked]: client, close } = await open({ folder: await temporaryFolder() });
    const writes = Array.from({ length: 100 }, (_, n) =>
      client.send(
        new PutItemCommand({ TableName, Item: { pk: { S: 'WS#1' }, sk: { S: `${n}` }, parent: { S: 'P' } } }),
      ),
    );
    const settled = Promise.allSettled(writes);
    await sleep(5);
    const before = Date.now();

    await close();

    expect(Date.now() - before).toBeLessThan(1500);
    await settled;
    const late = client.send(new DescribeTableCommand({ TableName }));
    await expect(late).rejects.toThrow();
  });
});

describe('removeExpired', () => {
  it('removes what has expired and nothing else', async () => {
    const { documents } = await openForTest();
    for (const [sk, ttl] of Object.entries({ a: 10, b: 1000, c: 5000 })) {
      await documents.send(new PutCommand({ TableName, Item: anItem(sk, { ttl }) }));
    }
    await documents.send(new PutCommand({ TableName, Item: anItem('d') }));

    expect(await removeExpired(documents, TableName, new Date(1_000_000))).toBe(2);
    expect(await removeExpired(documents, TableName, new Date(1_000_000))).toBe(0);
  });
});
