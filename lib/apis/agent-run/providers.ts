import { ProviderSettings } from '../../agents/index.ts';
import type { ProviderRecord } from '../agents/agent-record.ts';
import { notFound } from '../operation/refusal.ts';
import type { Platform } from '../platform.ts';
import { update } from '../records/update.ts';
import { type Page, type PageQuery, pageAfter, toFittingPage } from './list-page.ts';

type Providers = Pick<Platform, 'providers' | 'now'>;

/** Sets a provider up, or anew. Only the name of its secret is kept: whoever reads it learns nothing to use. */
export async function putProvider(
  { providers, now }: Providers,
  workspaceId: string,
  id: string,
  settings: ProviderSettings,
): Promise<ProviderRecord> {
  const at = now().toISOString();
  const record: ProviderRecord = { id, version: 1, settings, createdAt: at, updatedAt: at };
  if (await providers.insert(workspaceId, record)) return record;
  const changed = await update(providers, workspaceId, id, (current) => ({
    ...current,
    settings,
    updatedAt: at,
  }));
  if (changed === undefined)
    throw new Error(`Provider ${id} was there, and is gone: nothing removes providers`);
  return changed;
}

/** @throws Refused 404. */
export async function findProvider(
  { providers }: Pick<Platform, 'providers'>,
  workspaceId: string,
  id: string,
): Promise<ProviderRecord> {
  const provider = await providers.get(workspaceId, id);
  if (provider === undefined) throw notFound('Provider not found');
  return provider;
}

export async function listProviders(
  { providers }: Pick<Platform, 'providers'>,
  workspaceId: string,
  query: PageQuery,
): Promise<Page<ReturnType<typeof toProvider>>> {
  const found = await providers.list(workspaceId, { limit: query.limit, before: pageAfter(query) });
  return toFittingPage(found.records, found.next, toProvider);
}

export const toProvider = ({ id, settings, createdAt, updatedAt }: ProviderRecord) => ({
  id,
  settings: ProviderSettings.parse(settings),
  createdAt,
  updatedAt,
});
