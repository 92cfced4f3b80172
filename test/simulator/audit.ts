import { shortOf } from './judge/facts.ts';
import type { Tenant } from './tenants.ts';
import type { World } from './world.ts';

/** A run as the player knows it: where it is, and whether it is over. */
export interface Tracked {
  id: string;
  kind: string;
  tenant: string;
  parentId: string;
  status: string;
  hasDocument: boolean;
}

const ADDRESSES: { [kind: string]: (tenant: Tenant, run: Tracked) => string[] } = {
  document: ({ workspaceId }, { id, status, hasDocument }) => {
    const path = `/api/v1/workspaces/${workspaceId}/runs/${id}`;
    const made =
      status === 'succeeded' && hasDocument
        ? [`${path}/output/download`, `${path}/metrics`, `${path}/events/download`]
        : [];
    return [path, ...made];
  },
  process: (_tenant, { id }) => [`/runs/${shortOf(id)}`, `/runs/${shortOf(id)}/events`],
  thread: ({ workspaceId }, { id, parentId }) => {
    const thread = `/api/projects/${workspaceId}/threads/thread_${shortOf(parentId)}`;
    return [`${thread}/runs/run_${shortOf(id)}`, thread];
  },
  agent: (_tenant, { id, parentId }) => [`/api/v1/agents/${parentId}/runs/${id}`],
};

/** Reads everything that came of a schedule as its owners would, when all is over and nothing goes wrong. */
export async function audit(
  world: World,
  tenants: ReadonlyMap<string, Tenant>,
  runs: readonly Tracked[],
): Promise<void> {
  const read = async (tenant: Tenant, path: string): Promise<void> => {
    const name = `audit.${tenant.name}`;
    world.history.parties.set(name, { name, tenant: tenant.name });
    await world.ask('audit', name, { method: 'GET', path, headers: { ...tenant.credentials.owner } });
  };
  for (const run of runs) {
    const tenant = tenants.get(run.tenant);
    for (const path of (tenant && ADDRESSES[run.kind]?.(tenant, run)) ?? [])
      await read(tenant as Tenant, path);
  }
  for (const tenant of tenants.values()) {
    const { workspaceId, agents } = tenant;
    await read(tenant, `/api/v1/workspaces/${workspaceId}/runs?limit=50`);
    await read(tenant, `/api/v1/workspaces/${workspaceId}/documents`);
    await read(tenant, `/api/projects/${workspaceId}/threads`);
    await read(tenant, `/api/v1/agents/${agents.one}/runs`);
  }
}
