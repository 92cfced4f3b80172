/**
 * The table's shape as plain data, so that the CDK construct and the embedded database are made from the
 * same description. All attributes of keys are strings; all indexes carry keys only and are sparse.
 */
export const TABLE = {
  key: { partition: 'pk', sort: 'sk' },
  /** Epoch seconds after which DynamoDB may remove an item. */
  ttl: 'ttl',
  indexes: {
    /** Runs that are not terminal, by lease: what the sweeper has to look at. A terminal run has left it. */
    open: { partition: 'openShard', sort: 'leaseUntil' },
    /** Terminal runs of a workspace, kind and status. Written once, when the run ends. */
    byOutcome: { partition: 'outcome', sort: 'sk' },
    /** Runs of a process, thread or agent. Document runs stay out of it: that saves them a write unit. */
    byParent: { partition: 'parent', sort: 'sk' },
  },
} as const;

export type IndexName = keyof typeof TABLE.indexes;
export interface KeySchema {
  readonly partition: string;
  readonly sort: string;
}

/** Names of all attributes that the table or an index has as a key. */
export const KEY_ATTRIBUTES: readonly string[] = [
  ...new Set(
    [TABLE.key, ...Object.values(TABLE.indexes)].flatMap(({ partition, sort }) => [partition, sort]),
  ),
];
