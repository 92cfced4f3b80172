import type { Operation } from '../../apis/operation/operation.ts';
import { notFound, Refused } from '../../apis/operation/refusal.ts';
import type { Platform } from '../../apis/platform.ts';
import { isFresh, type ReadAt, readAt } from '../../apis/records/read-at.ts';
import { isUuid } from '../../apis/records/uuid.ts';
import {
  type KeyProblem,
  keyProblem,
  parseKey,
  roleIn,
  workspacesOf,
} from '../../apis/workspaces/api-keys.ts';
import { isStreamToken, readStreamToken } from '../../apis/workspaces/stream-links.ts';
import type { Subject } from '../../apis/workspaces/tokens.ts';
import {
  type ApiKey,
  type Caller,
  type Permission,
  ROLE_PERMISSIONS,
} from '../../apis/workspaces/workspaces.ts';
import type { HttpRequest } from './request.ts';
import { permitSubject, showsToken, subjectOf, type Tokens } from './tokens.ts';

/** ADE's words for what is wrong with a key. Unknown prefix, wrong secret and bad checksum look the same. */
const SAYS: Record<KeyProblem, string> = {
  missing: 'Authentication required',
  no_separator: "API key must contain a prefix separator '.'",
  empty_half: 'API key prefix and secret must be non-empty',
  unknown: 'API key not recognized',
  expired: 'API key has expired',
  revoked: 'API key has been revoked',
};

/**
 * How long a key may go on being used after it was revoked, in milliseconds. A warm function then answers
 * without reading the key again; unknown keys are not kept, so that a new one works at once.
 */
const CACHE_MS = 60_000;
/** Keys kept per function instance: far more than a small team has, and no room for an attacker to fill. */
const CACHE_SIZE = 1000;

type Keys = Pick<Platform, 'keys' | 'workspaces' | 'now'>;
type Callers = Keys & Tokens;
const caches = new WeakMap<Platform['keys'], Map<string, { key: ApiKey; read: ReadAt }>>();

/** Somebody who has shown who they are; what they may do depends on where. */
export type Identity = { key: ApiKey } | { subject: Subject };

/** @throws Refused 401 for a key or token that is not good. */
export async function authenticate(
  { acceptsTokens = false, acceptsLinks = false }: Pick<Operation, 'acceptsTokens' | 'acceptsLinks'>,
  request: HttpRequest,
  platform: Callers,
): Promise<Identity> {
  if (acceptsTokens && showsToken(request)) return { subject: await subjectOf(request, platform) };
  const { token } = request.query;
  if (acceptsLinks && token !== undefined) return { key: await linkedKey(token, request, platform) };
  const parsed = parseKey(request.header('x-api-key'));
  if (typeof parsed === 'string') throw unauthenticated(parsed);
  const key = await readKey(parsed.prefix, platform);
  const problem = key === undefined ? 'unknown' : keyProblem(key, parsed.secret, platform.now());
  if (key === undefined || problem !== undefined) throw unauthenticated(problem ?? 'unknown');
  return { key };
}

/** The key that made a link. @throws Refused 401 for a link to another run, an old one, or none. */
async function linkedKey(text: string, request: HttpRequest, platform: Keys): Promise<ApiKey> {
  const { workspaceId = '', runId = '' } = request.pathParameters;
  const token = readStreamToken(text);
  const key = token === undefined ? undefined : await readKey(token.prefix, platform);
  if (token !== undefined && key !== undefined) {
    if (isStreamToken(key, token, { workspaceId, runId }, platform.now())) return key;
  }
  throw new Refused({ category: 'unauthenticated', message: 'The link is not good, or no longer' });
}

/** What an operation that is not for everybody says of its callers. */
type Guarded = Pick<Operation, 'forAgentKeys'> & { permission: Permission };

/**
 * The caller in the workspace that the request is about.
 * @throws Refused 404 for a workspace that does not exist, 403 for one that they may not use in this way.
 */
export async function permit(
  { permission, forAgentKeys = false }: Guarded,
  identity: Identity,
  request: HttpRequest,
  platform: Callers,
): Promise<Caller> {
  if ('subject' in identity) return permitSubject(permission, identity.subject, request, platform);
  const { key } = identity;
  const workspaceId = await workspaceOf(key, request, platform);
  const role = roleIn(key, workspaceId);
  const permissions = role === undefined ? [] : ROLE_PERMISSIONS[role];
  if (!permissions.includes(permission)) {
    throw new Refused({
      category: 'forbidden',
      message: `Permission '${permission}' denied for scope 'workspace'`,
    });
  }
  const { ownerId, ownerEmail, agentId } = key;
  if (agentId === undefined) return { workspaceId, ownerId, ownerEmail, permissions };
  if (!forAgentKeys) {
    throw new Refused({ category: 'forbidden', message: 'This API key is good for one agent only' });
  }
  return { workspaceId, ownerId, ownerEmail, permissions, agentId };
}

const unauthenticated = (problem: KeyProblem): Refused =>
  new Refused({ category: 'unauthenticated', message: SAYS[problem], isAnonymous: problem === 'missing' });

async function readKey(prefix: string, platform: Keys): Promise<ApiKey | undefined> {
  const cache = caches.get(platform.keys) ?? new Map<string, { key: ApiKey; read: ReadAt }>();
  caches.set(platform.keys, cache);
  const now = platform.now();
  const cached = cache.get(prefix);
  if (cached !== undefined && isFresh(cached.read, now, CACHE_MS)) return cached.key;
  cache.delete(prefix);
  const read = readAt(now);
  const key = await platform.keys.get(prefix);
  if (key === undefined) return undefined;
  const oldest = cache.size >= CACHE_SIZE ? cache.keys().next().value : undefined;
  if (oldest !== undefined) cache.delete(oldest);
  cache.set(prefix, { key, read });
  return key;
}

/** The workspace that the path names, if there is one; else the only one that the key is for. */
async function workspaceOf(key: ApiKey, request: HttpRequest, platform: Keys): Promise<string> {
  const { projectId, workspaceId: named = projectId } = request.pathParameters;
  if (named === undefined) return workspacesOf(key)[0] ?? '';
  const workspaceId = named.toLowerCase();
  const isId = isUuid(workspaceId);
  if (isId && key.roles[workspaceId] !== undefined) return workspaceId;
  // Where workspaces are called projects, one that does not exist looks like somebody else's.
  if (projectId !== undefined) throw new Refused({ category: 'forbidden' });
  const exists = isId && (await platform.workspaces.get(workspaceId, workspaceId)) !== undefined;
  if (!exists) throw notFound('Workspace not found');
  return workspaceId;
}
