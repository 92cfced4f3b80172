import { type Client, createClient, type ThreadRuns, type WorkspaceRuns } from '../../lib/client/index.ts';
import { type Address, findAddress } from './address.ts';
import { Complaint, type Terminal, type Values } from './command.ts';
import { complaintOf } from './platform-fault.ts';

/** The platform's API, called as any client calls it, as whoever typed the command. */
export interface Api extends Pick<Client, 'agentRun' | 'processRuns'> {
  /** The workspace that is meant, with its documents' runs. @throws Complaint when nothing says which. */
  readonly workspace: WorkspaceRuns;
  /** Its conversations. */
  readonly threads: ThreadRuns;
  /** The same for somebody who would rather wait than miss the end, until the signal ends it all. */
  patiently(signal: AbortSignal): Api;
  /** By option, by environment, or by what the local platform wrote. @throws Complaint when none says it. */
  need(option: string, variable: string): string;
}

/** Somebody waits: one second's hiccup is passed over, and what does not answer then is down. */
const RETRIES = 2;
/** Half a minute: for whoever watches a run through a restart of the platform. */
const PATIENT_RETRIES = 8;

/** Does something through the API. @throws Complaint for whatever the operator can do something about. */
export async function withApi<Done>(
  values: Values,
  terminal: Terminal,
  act: (api: Api) => Promise<Done>,
): Promise<Done> {
  return callAt(await findAddress(values, terminal), act);
}

/** The same, at an address that is known. */
export async function callAt<Done>(address: Address, act: (api: Api) => Promise<Done>): Promise<Done> {
  try {
    return await act(apiAt(address, { retries: RETRIES }));
  } catch (error) {
    throw complaintOf(error, address);
  }
}

function apiAt(address: Address, patience: { retries: number; signal?: AbortSignal }): Api {
  const client = createClient({ baseUrl: address.url.value, apiKey: () => keyOf(address), ...patience });
  const need = (option: string, variable: string): string => {
    const found = address.find(option, variable);
    if (found !== undefined) return found.value;
    throw new Complaint(`Say which ${option} is meant: --${option}, or ${variable}.`, 2);
  };
  const workspaceId = (): string => need('workspace', 'WORKSPACE_ID');
  return {
    agentRun: client.agentRun,
    processRuns: client.processRuns,
    need,
    get workspace() {
      return client.workspaceRuns(workspaceId());
    },
    get threads() {
      return client.threadRuns(workspaceId());
    },
    patiently: (signal) => apiAt(address, { retries: PATIENT_RETRIES, signal }),
  };
}

function keyOf(address: Address): string {
  const key = address.find('key', 'API_KEY');
  if (key === undefined) throw new Complaint('Say who you are: --key, or API_KEY.', 2);
  return key.value;
}

export async function everyItem<Item>(list: AsyncIterable<Item>): Promise<Item[]> {
  const items: Item[] = [];
  for await (const item of list) items.push(item);
  return items;
}
