import * as z from 'zod';
import type { Summary } from '../../agents/index.ts';
import { watchClaim } from '../../runs/claim.ts';
import { isRunsError } from '../../runs/errors.ts';
import type { RunningRun, RunRef } from '../../runs/run.ts';
import { claimRun, finishRun } from '../../runs/service.ts';
import { readyVersion } from '../agents/ready.ts';
import { unusual } from '../agents/unusual.ts';
import { lookFailed } from '../log/look-failed.ts';
import { Refused } from '../operation/refusal.ts';
import type { Platform } from '../platform.ts';
import { agentRunInput } from './agent-run.ts';
import { RunAgent } from './contract.ts';
import { type AnswerPlatform, beginAnswer, recordEnd } from './model-call.ts';

/** What the RunAgent state of `agent-run` is given. */
export const Task = z.object({
  workspaceId: z.uuid(),
  runId: z.uuid(),
  /** What the caller sent: it stands nowhere else, because content is recorded only where that is asked for. */
  request: RunAgent,
  delivery: z.int().min(0),
});
export type Task = z.infer<typeof Task>;

/** What it answers with. An answer that is too long for an execution is put aside for a day. */
export const Worked = z.discriminatedUnion('type', [
  z.object({ type: z.literal('answered'), text: z.string(), finishReason: z.string().optional() }),
  z.object({ type: z.literal('stored'), key: z.string(), finishReason: z.string().optional() }),
  z.object({ type: z.literal('failed'), retryAfterSeconds: z.number().optional() }),
]);
export type Worked = z.infer<typeof Worked>;

export type WorkPlatform = AnswerPlatform & Pick<Platform, 'agentVersions' | 'providers'>;

/** So much of the 256 KB that an execution carries may be what we put into it, in bytes. */
export const MAX_PAYLOAD = 250_000;

/** Works on a run whose caller waits for the whole answer. Its end is recorded before it is answered. */
export async function workOnRun(
  platform: WorkPlatform,
  { workspaceId, runId, request, delivery }: Task,
  signal: AbortSignal,
): Promise<Worked> {
  const claimed = await claim(platform, { workspaceId, kind: 'agent', runId }, delivery);
  if (claimed === undefined) return { type: 'failed' };
  const { version: no } = agentRunInput(claimed);
  const ready = await readyVersion(platform, workspaceId, claimed.parentId, no, request).catch(
    async (error: unknown) => {
      if (!(error instanceof Refused)) throw error;
      const failure = { code: 'invalid_configuration', stage: null, message: error.message };
      await finishRun(platform, claimed, { type: 'failed', failure });
    },
  );
  if (ready === undefined) return { type: 'failed' };

  const watch = watchClaim(platform, claimed, lookFailed(platform, claimed));
  try {
    const abandoned = AbortSignal.any([signal, watch.signal]);
    const parts = beginAnswer(platform, claimed, ready, request, abandoned);
    for await (const _part of parts); // their sum is what is asked for
    const summary = parts.summary();
    await recordEnd(platform, claimed, request, summary);
    if (summary.status === 'succeeded') return await worked(platform, claimed, summary);
    const { retryAfterSeconds } = summary.failure ?? {};
    return { type: 'failed', ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }) };
  } finally {
    watch.stop();
  }
}

async function worked(
  { files }: WorkPlatform,
  run: RunningRun,
  { text, finishReason }: Summary,
): Promise<Worked> {
  const answered: Worked = { type: 'answered', text, ...unusual(finishReason) };
  if (Buffer.byteLength(JSON.stringify(answered)) <= MAX_PAYLOAD) return answered;
  const key = `temporary/${run.workspaceId}/answers/${run.id}/${run.claimId}.json`;
  await files.put(key, Buffer.from(JSON.stringify(text)), { contentType: 'application/json' });
  return { type: 'stored', key, ...unusual(finishReason) };
}

/** Undefined for a run that is over, or that another delivery works on. */
async function claim(platform: WorkPlatform, ref: RunRef, delivery: number): Promise<RunningRun | undefined> {
  try {
    return await claimRun(platform, ref, delivery);
  } catch (error) {
    if (isRunsError(error, 'invalid_transition')) return undefined;
    throw error;
  }
}
