import { describe, expect, it } from 'vitest';
import * as keys from '../../../../lib/adapters/aws/dynamo/keys.ts';
import { RUN_KINDS } from '../../../../lib/runs/run.ts';

describe('keys', () => {
  it('are those of the table in the design', () => {
    expect(keys.recordKey('w', 'DOCUMENT', 'd')).toEqual({ pk: 'WS#w', sk: 'DOCUMENT#d' });
    expect(keys.apiKeyKey('p')).toEqual({ pk: 'KEY#p', sk: 'KEY' });
    expect(keys.apiKeyPointerKey('w', 'p')).toEqual({ pk: 'WS#w', sk: 'KEY#p' });
    expect(keys.idempotencyKey('w', 'h')).toEqual({ pk: 'WS#w', sk: 'IDEMPOTENCY#h' });
    expect(keys.runKey({ workspaceId: 'w', kind: 'thread', runId: 'r' })).toEqual({
      pk: 'WS#w#thread',
      sk: 'r',
    });
    expect(keys.logKey('r', 1234)).toEqual({ pk: 'RUN#r', sk: 'LOG#000000001234' });
    expect(keys.outcomePartition('w', 'agent', 'failed')).toBe('WS#w#agent#failed');
    expect(keys.parentPartition('w', 'process', 'p')).toBe('WS#w#process#p');
  });

  it.each(RUN_KINDS)('of a %s run name it whole', (kind) => {
    const ref = { workspaceId: 'w', kind, runId: 'r' };
    expect(keys.refOfRunKey(keys.runKey(ref))).toEqual(ref);
  });

  it.each([0, 9, 10, 999_999_999_999])('of log chunks order as their offsets do: %i', (offset) => {
    expect(keys.logOffset(keys.logSort(offset))).toBe(offset);
    if (offset > 0) expect(keys.logSort(offset) > keys.logSort(offset - 1)).toBe(true);
  });

  it('spread workspaces over all shards of the open runs, each always to the same', () => {
    const shards = Array.from({ length: 200 }, (_, index) => keys.openPartition(`workspace ${index}`));
    expect(new Set(shards)).toEqual(new Set(keys.openPartitions));
    expect(keys.openPartition('workspace 7')).toBe(shards[7]);
  });
});
