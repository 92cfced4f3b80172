import { describe, expect, it } from 'vitest';
import { MAX_FILES } from '../../../lib/apis/process-runs/contract.ts';
import { processExecution } from '../../../lib/apis/process-runs/process-execution.ts';
import { aQueuedRun } from '../../conformance/builders.ts';

/** Input of an execution: https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html */
const PAYLOAD_BYTES = 262_144;

describe('AWS allows 256 KB a payload: what an execution of a process is given', () => {
  it('fits with as many files as a run may have, under the longest names', () => {
    const name = '語'.repeat(256);
    const file = { id: 'f'.repeat(26), name, key: `${'k'.repeat(200)}/${name}`, size: 26_214_400 };
    const run = aQueuedRun({
      kind: 'process',
      input: {
        ...{ agentId: 'a'.repeat(26), processId: 'p'.repeat(26), name: '語'.repeat(100), stage: 'Published' },
        ...{ stateMachineArn: `arn:aws:states:eu-west-1:999999999999:stateMachine:${'m'.repeat(80)}` },
        inputs: { text: 'x'.repeat(4000) },
        fileIds: null,
        files: Array.from({ length: MAX_FILES }, () => file),
        bucket: 'b'.repeat(63),
      },
    });

    const bytes = Buffer.byteLength(JSON.stringify(processExecution(run)));

    expect(bytes).toBeGreaterThan(100_000);
    expect(bytes).toBeLessThanOrEqual(PAYLOAD_BYTES);
  });
});
