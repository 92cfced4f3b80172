import type { EventLog } from '../events.ts';
import type { ReadFinding } from '../findings.ts';
import type { CsvReading, SourceSheet, WorkbookReader } from '../read/reader.ts';
import { isDoubt, sheetFindings, toldFinding } from './read-findings.ts';
import type { ReadingReport } from './report.ts';

/** UTF-8 and commas: how ADE reads every text file, and what need not be told. */
const isPlain = ({ encoding, dialect }: CsvReading): boolean =>
  encoding === 'utf-8' &&
  dialect.delimiter === ',' &&
  (dialect.quote ?? '"') === '"' &&
  dialect.escape !== '\\';

/** Gathers what there is to tell of how a file was read, while it is. */
export class Reading {
  readonly #reader: WorkbookReader;
  #ofFile: readonly ReadFinding[];
  readonly #ofSheets: ReadFinding[] = [];

  constructor(reader: WorkbookReader) {
    this.#reader = reader;
    this.#ofFile = reader.findings();
  }

  /** Takes note of a sheet of which all rows were just read. */
  async note(sheet: SourceSheet): Promise<void> {
    this.#ofFile = this.#reader.findings();
    this.#ofSheets.push(...sheetFindings(sheet.name, await this.#reader.facts(sheet)));
  }

  /** How a text file is read, where that needs telling. */
  announce(log: EventLog): void {
    const { csv, format } = this.#reader;
    if (csv === null || isPlain(csv)) return;
    const { encoding, dialect, confidence } = csv;
    const delimiter = JSON.stringify(dialect.delimiter);
    log.info('engine.read.detected', `Read as ${encoding}, columns parted at ${delimiter}`, {
      format,
      encoding,
      dialect,
      confidence,
    });
  }

  /** The findings that make values doubtful; all of them are in the report. */
  warn(log: EventLog): void {
    for (const finding of [...this.#ofFile, ...this.#ofSheets].filter(isDoubt)) {
      const told = toldFinding(finding);
      log.tell(told.severity, 'engine.read.finding', told.message, told);
    }
  }

  /** The report's part; null where a text file was read plainly and nothing was found. */
  report(): ReadingReport | null {
    const { csv, format } = this.#reader;
    const findings = [...this.#ofFile, ...this.#ofSheets].map(toldFinding);
    if (csv !== null && isPlain(csv) && findings.length === 0) return null;
    return {
      format,
      encoding: csv?.encoding ?? null,
      dialect: csv?.dialect ?? null,
      confidence: csv?.confidence ?? null,
      findings,
    };
  }
}

export interface ReadingMetrics {
  read_findings_total?: number;
  csv_encoding?: string;
  csv_delimiter?: string;
  csv_confidence?: number;
}

/** What metrics say of a reading: nothing where it was plain and beyond doubt. */
export function readingMetrics(reading: ReadingReport | undefined): ReadingMetrics {
  if (reading === undefined) return {};
  const { encoding, dialect, confidence, findings } = reading;
  const csv =
    encoding === null || dialect === null || confidence === null ? null : { encoding, dialect, confidence };
  const isRemarkable = csv !== null && !isPlain(csv);
  if (!isRemarkable && !findings.some(isDoubt)) return {};
  return {
    read_findings_total: findings.length,
    ...(csv === null
      ? {}
      : {
          csv_encoding: csv.encoding,
          csv_delimiter: csv.dialect.delimiter,
          csv_confidence: Math.min(csv.confidence.encoding, csv.confidence.dialect),
        }),
  };
}
