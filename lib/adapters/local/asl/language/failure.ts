/** How a state, or a whole execution, fails: with the names and sentences of Step Functions. */
export class StatesError extends Error {
  override readonly name = 'StatesError';
  /** What `ErrorEquals` is compared with. */
  readonly error: string;
  /** Absent where Step Functions tells none, as after a timeout. */
  readonly reason: string | undefined;

  constructor(error: string, reason?: string, options?: ErrorOptions) {
    super(reason === undefined ? error : `${error}: ${reason}`, options);
    this.error = error;
    this.reason = reason;
  }
}

/** These end an execution whatever is caught, but where they are named. */
const NEVER_ALL = new Set(['States.Runtime', 'States.DataLimitExceeded']);

/** Names that stand for several. https://states-language.net/spec.html#appendix-a */
const MEMBERS: Record<string, (error: string) => boolean> = {
  'States.ALL': (error) => !NEVER_ALL.has(error),
  'States.TaskFailed': (error) => error !== 'States.Timeout' && !NEVER_ALL.has(error),
  'States.Timeout': (error) => error === 'States.HeartbeatTimeout',
};

/** Whether a retrier or a catcher is meant. */
export const isMeant = (errorEquals: readonly string[], { error }: StatesError): boolean =>
  errorEquals.some((name) => name === error || MEMBERS[name]?.(error) === true);

/** What a catcher hands on. */
export const errorOutput = ({ error, reason }: StatesError): { Error: string; Cause: string } => ({
  Error: error,
  Cause: reason ?? '',
});
