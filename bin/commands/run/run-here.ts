import {
  DEFAULT_CONFIGURATION,
  processWorkbook,
  readConfiguration,
} from '../../../lib/spreadsheets/index.ts';
import { Complaint } from '../command.ts';
import { readJson } from '../json-file.ts';
import type { Ended, FileRun, Watcher } from './file-run.ts';
import { stepOf } from './steps.ts';

/** Does something with the engine itself, by the definition in a file or the one that a workspace begins with. */
export async function withEngine<Done>(
  config: string | undefined,
  act: (run: FileRun) => Promise<Done>,
): Promise<Done> {
  const configuration = await readConfiguration(
    config === undefined ? DEFAULT_CONFIGURATION : await definitionIn(config),
  );
  if (!configuration.success) {
    const wrong = configuration.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
    throw new Complaint(`The definition in ${config} is not valid (${wrong.join('; ')}).`);
  }

  // The engine keeps its one thread at work: a second file at a time would only take memory.
  return await act({
    width: 1,
    run: (file, bytes, watcher, signal) => normalise({ file, bytes, watcher, signal }, configuration.data),
  });
}

/** A definition as the API takes it: alone, or with its name beside it. */
async function definitionIn(file: string): Promise<unknown> {
  const content = await readJson<{ definition?: unknown }>(file);
  return content.definition ?? content;
}

interface Work {
  file: string;
  bytes: Uint8Array;
  watcher: Watcher;
  signal: AbortSignal;
}

async function normalise(
  { file, bytes, watcher, signal }: Work,
  configuration: Parameters<typeof processWorkbook>[0]['configuration'],
): Promise<Ended> {
  const chunks: Uint8Array[] = [];
  const { metrics } = await processWorkbook(
    { name: file, bytes, configuration, signal },
    {
      emit: ({ event, message, data }) => {
        watcher.event(event, message);
        const step = stepOf(event, data);
        if (step !== undefined) watcher.step(step);
      },
      write: (chunk) => void chunks.push(chunk),
    },
  );
  return {
    runId: null,
    status: 'succeeded',
    outcome: metrics.evaluation_outcome,
    issues: metrics.validation_issues_total,
    rows: metrics.row_count_total,
    workbook: Buffer.concat(chunks),
    failure: null,
  };
}
