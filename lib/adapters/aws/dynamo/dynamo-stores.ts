import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import {
  AgentOwner,
  AgentRecord,
  AgentVersionRecord,
  ProviderRecord,
} from '../../../apis/agents/agent-record.ts';
import type { Platform } from '../../../apis/platform.ts';
import { FileRecord } from '../../../apis/process-runs/file-record.ts';
import { ProcessRecord } from '../../../apis/process-runs/process-record.ts';
import { ThreadRecord } from '../../../apis/thread-runs/thread-record.ts';
import { ConfigurationRecord } from '../../../apis/workspace-runs/configurations/configuration-record.ts';
import { CorrectionsRecord } from '../../../apis/workspace-runs/corrections/corrections-record.ts';
import {
  DocumentName,
  DocumentRecord,
  DocumentVersion,
  UploadRecord,
} from '../../../apis/workspace-runs/documents/document-record.ts';
import { LOG_WORDS } from '../../../apis/workspace-runs/events/log-words.ts';
import { LearnedRecord } from '../../../apis/workspace-runs/learned/learned-record.ts';
import { ListRecord } from '../../../apis/workspace-runs/lists/list-record.ts';
import { Member, Workspace } from '../../../apis/workspaces/workspaces.ts';
import { DynamoIdempotencyStore } from './dynamo-idempotency-store.ts';
import { DynamoKeyStore } from './dynamo-key-store.ts';
import { DynamoRecords } from './dynamo-records.ts';
import { DynamoRunLog } from './dynamo-run-log.ts';
import { DynamoRunStore } from './dynamo-run-store.ts';
import { DynamoStreamPlaces } from './dynamo-stream-places.ts';
import type { Table } from './items.ts';
import { EVENT_STREAMS } from './keys.ts';

/** Everything of a platform that lives in the table. */
export function dynamoStores(client: DynamoDBDocumentClient, tableName: string) {
  const table: Table = { client, name: tableName };
  return {
    runs: new DynamoRunStore(table),
    log: new DynamoRunLog(table, LOG_WORDS),
    workspaces: new DynamoRecords(table, { type: 'WORKSPACE', schema: Workspace }),
    keys: new DynamoKeyStore(table),
    members: new DynamoRecords(table, { type: 'MEMBER', schema: Member }),
    documents: new DynamoRecords(table, { type: 'DOCUMENT', schema: DocumentRecord }),
    documentNames: new DynamoRecords(table, { type: 'NAME', schema: DocumentName }),
    documentVersions: new DynamoRecords(table, { type: 'VERSION', schema: DocumentVersion }),
    uploads: new DynamoRecords(table, { type: 'UPLOAD', schema: UploadRecord }),
    configurations: new DynamoRecords(table, { type: 'CONFIGURATION', schema: ConfigurationRecord }),
    learned: new DynamoRecords(table, { type: 'LEARNED', schema: LearnedRecord }),
    corrections: new DynamoRecords(table, { type: 'CORRECTIONS', schema: CorrectionsRecord }),
    lists: new DynamoRecords(table, { type: 'LIST', schema: ListRecord }),
    agents: new DynamoRecords(table, { type: 'AGENT', schema: AgentRecord }),
    agentVersions: new DynamoRecords(table, { type: 'AGENTVERSION', schema: AgentVersionRecord }),
    agentOwners: new DynamoRecords(table, { type: 'AGENTOWNER', schema: AgentOwner }),
    providers: new DynamoRecords(table, { type: 'PROVIDER', schema: ProviderRecord }),
    threads: new DynamoRecords(table, { type: 'THREAD', schema: ThreadRecord }),
    processes: new DynamoRecords(table, { type: 'PROCESS', schema: ProcessRecord }),
    processFiles: new DynamoRecords(table, { type: 'FILE', schema: FileRecord }),
    idempotency: new DynamoIdempotencyStore(table),
    streams: new DynamoStreamPlaces(table, EVENT_STREAMS),
  } satisfies Partial<Platform>;
}

export type DynamoStores = ReturnType<typeof dynamoStores>;
