/** The tag of a stored file that says after how many days it is deleted. A file without it is kept. */
export const RETENTION_TAG = 'retention-days';

/** The values of the tag: a bucket deletes by rules made beforehand, one for each. */
export const RETENTION_CLASSES = [1, 7, 30, 90, 365, 3650] as const;
export type RetentionClass = (typeof RETENTION_CLASSES)[number];

/** The class that deletes soonest and not before so many days; undefined for a file that is kept. */
export const retentionClass = (days: number | undefined): RetentionClass | undefined =>
  days === undefined ? undefined : RETENTION_CLASSES.find((known) => known >= days);
