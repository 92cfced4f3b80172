import { Refused } from '../../operation/refusal.ts';
import type { Platform } from '../../platform.ts';
import { parseKey } from '../../workspaces/api-keys.ts';
import { streamToken } from '../../workspaces/stream-links.ts';
import type { RunEventsLink } from '../contract.ts';
import { findDocumentRun } from '../runs.ts';

/** In seconds: a page opens its stream at once, and who finds the link in a history comes too late. */
const LINK_SECONDS = 300;

/**
 * An address at which a browser's own EventSource, which sends no headers, can follow one run. `address` is where
 * the caller has asked for it, and `key` what they have shown.
 * @throws Refused 404 for a run that is not there.
 */
export async function linkEvents(
  platform: Pick<Platform, 'runs' | 'keys' | 'now'>,
  of: { workspaceId: string; runId: string },
  { address, key: shown }: { address: string; key: string | undefined },
): Promise<RunEventsLink> {
  const { workspaceId, id: runId } = await findDocumentRun(platform, of);
  const parsed = parseKey(shown);
  const key = typeof parsed === 'string' ? undefined : await platform.keys.get(parsed.prefix);
  if (key === undefined) throw new Refused({ category: 'unauthenticated' }); // removed since it was checked
  const until = Math.floor(platform.now().getTime() / 1000) + LINK_SECONDS;
  const token = streamToken(key, { workspaceId, runId, until });
  return {
    url: `${address.replace(/\/link$/, '/stream')}?token=${token}`,
    expiresAt: new Date(until * 1000).toISOString(),
  };
}
