import { agentRunResult } from '../../lib/apis/agent-run/agent-run.ts';
import type { RunAgent } from '../../lib/apis/agent-run/contract.ts';
import { runDeployed, type WholeOrParts } from '../../lib/apis/agent-run/run-deployed.ts';
import { Refused } from '../../lib/apis/operation/refusal.ts';
import type { AnsweringPlatform } from '../../lib/apis/platform.ts';
import { isTerminal } from '../../lib/runs/lifecycle.ts';
import type { Dice } from '../support/nasty.ts';
import { AGENT_ID, aWorkspaceWithAgent } from './an-agent.ts';
import type { Journey } from './clients.ts';

/** A caller who goes away does so after so many parts of a stream, or so many milliseconds. */
interface Patience {
  parts: number;
  milliseconds: number;
}

async function read(answered: WholeOrParts, { parts }: Patience): Promise<void> {
  if (!('parts' in answered)) return;
  let taken = 0;
  for await (const _part of answered.parts) {
    taken += 1;
    if (taken >= parts) return;
  }
}

/**
 * The run that a refusal names, when it is over: then the same key is answered so for good. A key whose run
 * is still open is asked for again.
 */
async function runToldBy(
  on: AnsweringPlatform,
  workspaceId: string,
  error: unknown,
): Promise<string | undefined> {
  const runId = error instanceof Refused ? error.refusal.headers?.['x-run-id'] : undefined;
  const run = runId === undefined ? undefined : await on.runs.get({ workspaceId, kind: 'agent', runId });
  return run !== undefined && isTerminal(run.status) ? runId : undefined;
}

export interface AgentJourney {
  stream: boolean;
  keepsContent: boolean;
  /** How a caller goes away; none does in fine weather. */
  patience?: (dice: Dice) => Patience;
}

const PATIENT = { parts: Number.POSITIVE_INFINITY, milliseconds: Number.POSITIVE_INFINITY };

/** `POST /api/v1/run`, answered whole or part by part. */
export const agentJourney = ({ stream, keepsContent, patience }: AgentJourney): Journey => ({
  kind: 'agent',
  async prepare(platform, dice) {
    const workspaceId = await aWorkspaceWithAgent(platform, keepsContent);
    return {
      workspaceId,
      runsPerKey: 1,
      create: async (on, key) => {
        const { parts, milliseconds } = patience?.(dice) ?? PATIENT;
        const gone = new AbortController();
        const timer = Number.isFinite(milliseconds)
          ? setTimeout(() => gone.abort(), milliseconds)
          : undefined;
        const request: RunAgent = { agent_id: AGENT_ID, variables: { name: key }, stream };
        const asked = {
          caller: { workspaceId, ownerId: 'owner' },
          request,
          idempotencyKey: key,
          signal: gone.signal,
        };
        try {
          const answered = await runDeployed(on, asked);
          await read(answered, { parts, milliseconds });
          return [answered.runId];
        } catch (error) {
          const runId = await runToldBy(on, workspaceId, error);
          if (runId === undefined) throw error;
          return [runId];
        } finally {
          clearTimeout(timer);
        }
      },
      // Callers cancel by going away.
      cancel: async () => undefined,
      judge: async (_on, runs) =>
        runs
          .filter((run) => run.status === 'succeeded' && agentRunResult(run).usage === undefined)
          .map(({ id }) => `output: ${id} succeeded and does not say what it took`),
    };
  },
});
