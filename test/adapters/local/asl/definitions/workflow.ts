/** A definition with what the specification says must come of it. Data only: any interpreter can be asked. */
export interface Workflow {
  name: string;
  definition: object;
  /** `{}` where there is none. */
  input?: unknown;
  /** What tasks come to, in the form of a `<workflow>.mocks.json`. */
  mocks?: Record<string, Record<string, object>>;
  /** Task states that never answer. */
  silent?: string[];
  end: { output: unknown } | { error?: string; cause?: string | RegExp } | 'timed out';
  /** Those that are entered, in this order; of branches and iterations that run side by side, in any. */
  states: string[];
  inAnyOrder?: boolean;
  /** Where MiniStack does otherwise: what it does, and who says that it should not. */
  emulator?: string;
}

export const machine = (StartAt: string, States: object, more: object = {}): object => ({
  ...more,
  StartAt,
  States,
});
export const jsonata = (StartAt: string, States: object, more: object = {}): object =>
  machine(StartAt, States, { QueryLanguage: 'JSONata', ...more });
export const pass = (more: object = {}): object => ({ Type: 'Pass', End: true, ...more });
export const leadsTo = (Next: string, more: object = {}): object => ({ Type: 'Pass', Next, ...more });
export const task = (more: object = {}): object => ({
  Type: 'Task',
  Resource: 'arn:aws:states:::sqs:sendMessage',
  End: true,
  ...more,
});
