/** How a state, or a whole execution, fails: with the names and sentences of Step Functions. */
export class StatesError extends Error {
  override readonly name = 'StatesError';
  /** What `ErrorEquals` is compared with; empty for a Fail state that names none. */
  readonly error: string;
  /** Absent where Step Functions tells none, as after a timeout. */
  readonly reason: string | undefined;

  constructor(error: string, reason?: string, options?: ErrorOptions) {
    super(reason === undefined ? error : `${error}: ${reason}`, options);
    this.error = error;
    this.reason = reason;
  }
}

/** Ends an execution whatever is retried or caught, even where it is named. */
const FATAL = 'States.Runtime';
/** Is caught only where it is named. */
const TOO_LARGE = 'States.DataLimitExceeded';

/**
 * Names that stand for several.
 * https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html
 */
const MEMBERS: Record<string, (error: string) => boolean> = {
  'States.ALL': (error) => error !== TOO_LARGE,
  'States.TaskFailed': (error) => error !== TOO_LARGE && error !== 'States.Timeout',
  'States.Timeout': (error) => error === 'States.HeartbeatTimeout',
};

/** Whether a retrier or a catcher is meant. */
export const isMeant = (errorEquals: readonly string[], { error }: StatesError): boolean =>
  error !== FATAL && errorEquals.some((name) => name === error || MEMBERS[name]?.(error) === true);

/** What a catcher hands on. */
export const errorOutput = ({ error, reason }: StatesError): { Error: string; Cause: string } => ({
  Error: error,
  Cause: reason ?? '',
});
