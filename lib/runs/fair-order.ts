import type { RunRef } from './run.ts';

/**
 * Takes workspaces in turns, and within each its kinds of runs: whoever has thousands due keeps nobody waiting
 * for longer than one of them takes. Among the runs of a workspace and kind the order stays as it was.
 */
export const inTurns = (refs: readonly RunRef[]): RunRef[] =>
  alternate(
    groupsOf(refs, ({ workspaceId }) => workspaceId).map((own) =>
      alternate(groupsOf(own, ({ kind }) => kind)),
    ),
  );

function groupsOf(refs: readonly RunRef[], nameOf: (ref: RunRef) => string): RunRef[][] {
  const groups = new Map<string, RunRef[]>();
  for (const ref of refs) {
    const group = groups.get(nameOf(ref));
    if (group === undefined) groups.set(nameOf(ref), [ref]);
    else group.push(ref);
  }
  return [...groups.values()];
}

/** The first of every group, then the second of every one that has it, and so on. */
function alternate(groups: readonly RunRef[][]): RunRef[] {
  const order: RunRef[] = [];
  let open = groups;
  for (let turn = 0; open.length > 0; turn += 1) {
    for (const group of open) order.push(...group.slice(turn, turn + 1));
    open = open.filter((group) => group.length > turn + 1);
  }
  return order;
}
