import documentRun from '../../machines/document-run.asl.json' with { type: 'json' };
import threadRun from '../../machines/thread-run.asl.json' with { type: 'json' };

interface Machine {
  StartAt: string;
  States: Readonly<Record<string, object>>;
}

/**
 * State transitions of an execution of ours that nothing interrupts: into each of its states, and out of the
 * last one. A state that is tried again is one more for each try.
 */
export function transitionsOf({ StartAt, States }: Machine): number {
  let transitions = 1;
  for (let at: unknown = StartAt; typeof at === 'string'; at = nextOf(States[at])) transitions += 1;
  return transitions;
}

const nextOf = (state: object | undefined): unknown =>
  state !== undefined && 'Next' in state ? state.Next : undefined;

/** By the kinds of run whose machine is a Standard one of ours. */
export const TRANSITIONS = {
  document: transitionsOf(documentRun),
  thread: transitionsOf(threadRun),
} as const;
