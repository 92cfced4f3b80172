export interface EngineEvent {
  level: 'debug' | 'info' | 'warning' | 'error';
  event: string;
  message: string;
  data?: Record<string, unknown>;
  error?: { type: string; message: string };
}

/** Where a run's events and its output bytes go, both in order. */
export interface Sink {
  emit(event: EngineEvent): void;
  /** Takes the next bytes of the output workbook; a promise holds the writer back. */
  write(chunk: Uint8Array): void | Promise<void>;
}

/** Writes the events of one run; debug events cost nothing unless they are wanted. */
export interface EventLog {
  readonly debugging: boolean;
  info(event: string, message: string, data: Record<string, unknown>): void;
  warn(message: string, data: Record<string, unknown>): void;
  tell(level: 'info' | 'warning', event: string, message: string, data: Record<string, unknown>): void;
  debug(event: string, data: Record<string, unknown>, message?: string): void;
  fail(error: { type: string; message: string }): void;
}

export function eventLog(sink: Sink, debugging: boolean): EventLog {
  return {
    debugging,
    info: (event, message, data) => sink.emit({ level: 'info', event, message, data }),
    warn: (message, data) => sink.emit({ level: 'warning', event: 'engine.log', message, data }),
    tell: (level, event, message, data) => sink.emit({ level, event, message, data }),
    debug: (event, data, message = event) => {
      if (debugging) sink.emit({ level: 'debug', event, message, data });
    },
    fail: (error) =>
      sink.emit({ level: 'error', event: 'engine.log', message: 'Run failed', data: {}, error }),
  };
}
