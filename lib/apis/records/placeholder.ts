import type { Run } from '../../runs/run.ts';

/** The parent of a record that only stands where a run must not be made any more. No thread has this id. */
export const NOBODY = 'nobody';

/** Whether the record is nobody's run: an id that was planned for one, and is used up. */
export const isPlaceholder = ({ parentId }: Pick<Run, 'parentId'>): boolean => parentId === NOBODY;
