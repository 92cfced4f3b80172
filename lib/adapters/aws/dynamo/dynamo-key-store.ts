import type { KeyStore } from '../../../apis/workspaces/ports.ts';
import { ApiKey } from '../../../apis/workspaces/workspaces.ts';
import {
  ABSENT,
  atVersion,
  type Condition,
  getItem,
  getItems,
  type Item,
  putItem,
  queryItems,
  setItem,
  type Table,
} from './items.ts';
import { apiKeyKey, apiKeyPointerKey, workspacePartition } from './keys.ts';

/**
 * API keys, found by prefix alone. Each workspace in which a key has a role holds a pointer to it, written
 * before the key: a pointer without its key, or without its role, lists nothing, whereas a key without a
 * pointer could not be found to be revoked.
 */
export class DynamoKeyStore implements KeyStore {
  readonly #table: Table;

  constructor(table: Table) {
    this.#table = table;
  }

  async get(prefix: string): Promise<ApiKey | undefined> {
    const item = await getItem(this.#table, apiKeyKey(prefix));
    return item === undefined ? undefined : fromItem(item);
  }

  insert(key: ApiKey): Promise<boolean> {
    return this.#put(key, ABSENT);
  }

  replace(key: ApiKey): Promise<boolean> {
    return this.#put(key, atVersion(key.version - 1));
  }

  async list(workspaceId: string): Promise<ApiKey[]> {
    const pointers = await queryItems(this.#table, {
      KeyConditionExpression: 'pk = :workspace AND begins_with(sk, :pointers)',
      ExpressionAttributeValues: {
        ':workspace': workspacePartition(workspaceId),
        ':pointers': apiKeyPointerKey(workspaceId, '').sk,
      },
      ConsistentRead: true,
    });
    const prefixes = pointers.map(({ sk }) => sk.slice(apiKeyPointerKey(workspaceId, '').sk.length));
    const items = await getItems(this.#table, prefixes.map(apiKeyKey));
    return items.map(fromItem).filter((key) => key.roles[workspaceId] !== undefined);
  }

  async #put(key: ApiKey, condition: Condition): Promise<boolean> {
    for (const workspaceId of Object.keys(key.roles)) {
      await setItem(this.#table, apiKeyPointerKey(workspaceId, key.prefix));
    }
    const item: Item = { ...apiKeyKey(key.prefix), version: key.version, record: JSON.stringify(key) };
    const { done } = await putItem(this.#table, item, condition);
    return done;
  }
}

const fromItem = ({ record }: Item): ApiKey => ApiKey.parse(JSON.parse(String(record)));
