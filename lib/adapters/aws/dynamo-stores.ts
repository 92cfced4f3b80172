import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { Platform } from '../../apis/platform.ts';
import { ConfigurationRecord } from '../../apis/workspace-runs/configurations.ts';
import {
  DocumentName,
  DocumentRecord,
  DocumentVersion,
  UploadRecord,
} from '../../apis/workspace-runs/documents.ts';
import { Workspace } from '../../apis/workspaces.ts';
import { DynamoIdempotencyStore } from './dynamo-idempotency-store.ts';
import { DynamoKeyStore } from './dynamo-key-store.ts';
import { DynamoRecords } from './dynamo-records.ts';
import { DynamoRunLog } from './dynamo-run-log.ts';
import { DynamoRunStore } from './dynamo-run-store.ts';
import type { Table } from './items.ts';

/** Everything of a platform that lives in the table. */
export function dynamoStores(client: DynamoDBDocumentClient, tableName: string) {
  const table: Table = { client, name: tableName };
  return {
    runs: new DynamoRunStore(table),
    log: new DynamoRunLog(table),
    workspaces: new DynamoRecords(table, { type: 'WORKSPACE', schema: Workspace }),
    keys: new DynamoKeyStore(table),
    documents: new DynamoRecords(table, { type: 'DOCUMENT', schema: DocumentRecord }),
    documentNames: new DynamoRecords(table, { type: 'NAME', schema: DocumentName }),
    documentVersions: new DynamoRecords(table, { type: 'VERSION', schema: DocumentVersion }),
    uploads: new DynamoRecords(table, { type: 'UPLOAD', schema: UploadRecord }),
    configurations: new DynamoRecords(table, { type: 'CONFIGURATION', schema: ConfigurationRecord }),
    idempotency: new DynamoIdempotencyStore(table),
  } satisfies Partial<Platform>;
}

export type DynamoStores = ReturnType<typeof dynamoStores>;
