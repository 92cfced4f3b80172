import { choices } from './choices.ts';
import { flow } from './flow.ts';
import { intrinsics } from './intrinsics.ts';
import { jsonataStates } from './jsonata-states.ts';
import { paths } from './paths.ts';
import type { Workflow } from './workflow.ts';

/** Every definition that interpreters are asked to run. */
export const workflows: readonly Workflow[] = [
  ...flow,
  ...paths,
  ...choices,
  ...intrinsics,
  ...jsonataStates,
];
