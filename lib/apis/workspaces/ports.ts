import type { ApiKey } from './workspaces.ts';

/** API keys are found by their prefix alone, before the workspace is known. */
export interface KeyStore {
  get(prefix: string): Promise<ApiKey | undefined>;
  insert(key: ApiKey): Promise<boolean>;
  replace(key: ApiKey): Promise<boolean>;
  /** Keys that have a role in the workspace. */
  list(workspaceId: string): Promise<ApiKey[]>;
}
