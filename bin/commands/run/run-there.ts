import { basename } from 'node:path';
import { RunplaneError, type RunResource, type WorkspaceRuns } from '../../../lib/client/index.ts';
import { type Api, withApi } from '../api.ts';
import { Complaint, given, type Terminal, type Values } from '../command.ts';
import type { Ended, FileRun, Watcher } from './file-run.ts';
import { notRun } from './file-run.ts';
import { stepOf } from './steps.ts';

/** As many runs as one caller may well have open at a time. */
const WIDTH = 8;

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Does something with the platform, by the configuration that is named by its id or its name. */
export const withPlatform = <Done>(
  values: Values,
  terminal: Terminal,
  config: string | undefined,
  act: (run: FileRun) => Promise<Done>,
): Promise<Done> =>
  withApi(values, terminal, async (api) => {
    const configurationId = config === undefined ? undefined : await idOf(api.workspace, config);
    return await act({
      width: WIDTH,
      run: (file, bytes, watcher, signal) => run(api, { file, bytes, watcher, signal, configurationId }),
    });
  });

/** @throws Complaint where none has that name, or several have. */
async function idOf(workspace: WorkspaceRuns, config: string): Promise<string> {
  if (UUID.test(config)) return config;
  const named: string[] = [];
  for await (const { id, name } of workspace.listConfigurations()) if (name === config) named.push(id);
  const [id, other] = named;
  if (id === undefined) {
    throw new Complaint(
      `The workspace has no configuration '${config}'. Of a definition in a file, runplane config publish --file makes one; --local takes the file itself.`,
    );
  }
  if (other === undefined) return id;
  throw new Complaint(
    `${named.length} configurations are named '${config}': say which by its id, ${named.join(' or ')}.`,
  );
}

interface Work {
  file: string;
  bytes: Uint8Array;
  watcher: Watcher;
  signal: AbortSignal;
  configurationId: string | undefined;
}

async function run(api: Api, { file, bytes, watcher, signal, configurationId }: Work): Promise<Ended> {
  const { workspace } = api.patiently(signal);
  try {
    watcher.step('uploading');
    const document = await workspace.uploadDocument(
      { name: basename(file), bytes },
      { conflictMode: 'upload_new_version' },
    );
    const { id } = await workspace.createRun(given({ inputDocumentId: document.id, configurationId }));
    watcher.step('queued');
    for await (const followed of workspace.followRun(id)) {
      if (followed.type !== 'message') continue;
      const { event, message, data } = followed.line;
      watcher.event(event, message);
      const step = stepOf(event, data);
      if (step !== undefined) watcher.step(step);
    }
    return await endOf(workspace, await workspace.waitForRun(id));
  } catch (error) {
    // This file was refused; the others may be taken. What no file can pass is told once, by whoever asked.
    const isItsOwn = error instanceof RunplaneError && OF_THE_FILE.has(error.status ?? 0);
    if (!isItsOwn) throw error;
    return notRun(error.code, error.message);
  }
}

/** Conflict, too large, of the wrong type, not understood: what is said of one file. */
const OF_THE_FILE = new Set([409, 413, 415, 422]);

async function endOf(workspace: WorkspaceRuns, ended: RunResource): Promise<Ended> {
  const { id, status, failure_code, failure_message } = ended;
  if (status !== 'succeeded') {
    return {
      ...{ runId: id, outcome: null, issues: 0, rows: 0, workbook: null },
      status: status === 'cancelled' ? status : 'failed',
      failure: { code: failure_code ?? null, message: failure_message ?? `The run ended ${status}.` },
    };
  }
  const [metrics, workbook] = await Promise.all([
    workspace.getRunMetrics(id),
    workspace.downloadRunOutput(id).bytes(),
  ]);
  return {
    runId: id,
    status,
    outcome: metrics.evaluation_outcome ?? null,
    issues: metrics.validation_issues_total ?? 0,
    rows: metrics.row_count_total ?? 0,
    workbook,
    failure: null,
  };
}
