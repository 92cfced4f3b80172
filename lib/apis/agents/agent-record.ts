import * as z from 'zod';
import { Instant } from '../../runs/run.ts';

/** An agent's id is the operator's choice, or generated; process runs allow no more than this. */
export const AGENT_ID = /^[A-Za-z0-9_-]{1,26}$/;

/** Somebody who answers: a name with immutable versions, of which at most one is deployed. */
export const AgentRecord = z.object({
  id: z.string().regex(AGENT_ID),
  version: z.int().min(1),
  name: z.string().min(1).max(100),
  /** How many versions there are; they are numbered from 1. */
  versions: z.int().min(0).default(0),
  deployedVersion: z.int().min(1).optional(),
  /** Versions that were deployed before it, the latest last: what a rollback goes back to. */
  deployedBefore: z.array(z.int().min(1)).default([]),
  createdAt: Instant,
  updatedAt: Instant,
});
export type AgentRecord = z.infer<typeof AgentRecord>;

/** One version of an agent; never changed once written. */
export const AgentVersionRecord = z.object({
  /** See `versionKey`. */
  id: z.string(),
  version: z.int().min(1),
  no: z.int().min(1),
  /** As `lib/agents` defines it; checked there whenever it is written, and before it answers. */
  definition: z.record(z.string(), z.unknown()),
  createdAt: Instant,
});
export type AgentVersionRecord = z.infer<typeof AgentVersionRecord>;

/** A place that models are at. Keys of it are references; no secret is ever stored here. */
export const ProviderRecord = z.object({
  id: z.string().regex(AGENT_ID),
  version: z.int().min(1),
  /** As `lib/agents` defines it. */
  settings: z.record(z.string(), z.unknown()),
  createdAt: Instant,
  updatedAt: Instant,
});
export type ProviderRecord = z.infer<typeof ProviderRecord>;

/**
 * Which workspace an agent id belongs to. Ids are unique in the whole deployment, because the agent run
 * API tells an agent that is somebody else's (403) from one that does not exist (404).
 */
export const AgentOwner = z.object({
  id: z.string(),
  version: z.int().min(1),
  workspaceId: z.uuid(),
});
export type AgentOwner = z.infer<typeof AgentOwner>;

/** Where owners of agent ids are kept: no workspace's own partition. */
export const EVERY_WORKSPACE = 'EVERY';
