import { argumentsOf, type Command, optional } from './command.ts';

const ARGUMENT = 'file';

/** A run succeeded, and somebody should look at what it found. */
const WITH_ISSUES = 3;

export const runFiles: Command = {
  usage: 'run <file>… [--config <configuration>] [--out <folder>] [--watch] [--local]',
  summary: 'Normalise spreadsheets and CSV files: each output lands beside its file',
  notes:
    'A folder stands for every spreadsheet below it; patterns such as "in/**/*.csv" are understood where the shell leaves them alone, and both leave out what an earlier run has written. Of orders.csv comes orders_normalized.xlsx, beside it or in the folder of --out. The platform runs eight files at a time by the active configuration of the workspace, or by that of --config: its id or its name. --local needs no platform: here --config is a file with a definition, and without it the one that a new workspace begins with holds. --watch shows the events of each run. The exit code is 1 when a file failed, else 3 when one has issues or nothing was found in it, else 0; Ctrl-C stops, and what the platform has begun goes on. With --json, one object per line as each file ends: {file, runId, status, outcome, issues, output, failure}.',
  options: {
    config: { type: 'string' },
    out: { type: 'string' },
    watch: { type: 'boolean' },
    local: { type: 'boolean' },
  },
  argument: ARGUMENT,
  isRepeated: true,
  async act(values, terminal) {
    const names = argumentsOf(values, ARGUMENT);
    const [config, out] = [optional(values, 'config'), optional(values, 'out')];
    const { runAll } = await import('./run/run-all.ts');
    const how = { config, out, isWatched: values.watch === true, asJson: values.json === true };
    const { sentence, failed, doubtful } =
      values.local === true
        ? await (await import('./run/run-here.ts')).withEngine(config, (run) =>
            runAll(names, run, how, terminal),
          )
        : await (await import('./run/run-there.ts')).withPlatform(values, terminal, config, (run) =>
            runAll(names, run, how, terminal),
          );
    return { result: undefined, sentence, exitCode: failed > 0 ? 1 : doubtful > 0 ? WITH_ISSUES : 0 };
  },
};
