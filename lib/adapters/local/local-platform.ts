import { join } from 'node:path';
import { DynamoDBClient, type DynamoDBClientConfig } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { v7 as uuid } from 'uuid';
import type { Platform } from '../../apis/platform.ts';
import { dynamoStores } from '../aws/dynamo/dynamo-stores.ts';
import { type ConsoleLevel, consoleLogger, fileLogger } from './console-logger.ts';
import { EMBEDDED_CREDENTIALS } from './dynamo/embedded-credentials.ts';
import { DiskFileStore } from './files/disk-file-store.ts';

export const LOCAL_TABLE = 'runplane';

/** What another thread needs to open the same platform. */
export interface LocalEnvironment {
  /** Of the embedded database. */
  endpoint: string;
  dataFolder: string;
  logLevel: ConsoleLevel;
  /** Takes the lines of the log instead of standard error. */
  logFile?: string | undefined;
}

export type LocalPlatform = Omit<Platform, 'executor' | 'files' | 'tokens' | 'corsOrigins'> & {
  files: DiskFileStore;
  client: DynamoDBDocumentClient;
};

/** Documents of up to 25 MiB come whole: no gateway stands before the local server. */
const REQUEST_BYTES = 25 * 1024 * 1024;

/** What the main thread has and worker threads have not. */
export interface MainThread {
  /** Of clients that live where the database does. */
  clientConfig: DynamoDBClientConfig;
  /** Signed URLs begin with it; it is known once the server listens. */
  baseUrl(): string;
}

/**
 * The platform of a laptop, but for what starts runs and who vouches for callers: both live in the main
 * thread only. Worker threads sign no URLs, and ask the database over HTTP.
 */
export function openLocalPlatform(
  { endpoint, dataFolder, logLevel, logFile }: LocalEnvironment,
  { clientConfig, baseUrl }: MainThread = {
    clientConfig: { endpoint, ...EMBEDDED_CREDENTIALS },
    baseUrl: () => '',
  },
): LocalPlatform {
  const client = DynamoDBDocumentClient.from(new DynamoDBClient(clientConfig));
  const logger = logFile === undefined ? consoleLogger(logLevel) : fileLogger(logFile, logLevel);
  return {
    ...dynamoStores(client, LOCAL_TABLE),
    client,
    files: new DiskFileStore({ folder: join(dataFolder, 'files'), baseUrl, logger }),
    now: () => new Date(),
    newId: () => uuid(),
    logger,
    limits: { requestBytes: REQUEST_BYTES },
  };
}
