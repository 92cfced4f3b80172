import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import type { Platform } from '../../apis/platform.ts';
import { registerProcess } from '../../apis/process-runs/processes.ts';
import type { Stage } from '../../apis/process-runs/wire.ts';
import { toShortId } from '../../apis/records/short-id.ts';
import { toThreadId } from '../../apis/thread-runs/ids.ts';
import { createThread } from '../../apis/thread-runs/threads.ts';
import { createDocument } from '../../apis/workspace-runs/documents/store-document.ts';
import { addMember } from '../../apis/workspace-runs/members/member-management.ts';
import { createKey } from '../../apis/workspaces/create-key.ts';
import { createWorkspace } from '../../apis/workspaces/create-workspace.ts';
import { type Caller, memberId, type Workspace } from '../../apis/workspaces/workspaces.ts';
import { localMachineArn } from './asl/process-machines.ts';
import { createDemoAgents } from './demo-agents.ts';
import type { DevelopmentIssuer } from './development-issuer.ts';
import { writeDurably } from './files/write-durably.ts';
import { FolderError } from './folder-error.ts';

/** What the first boot made, so that every example of the API documents works as pasted. */
const Demo = z.object({
  apiKey: z.string(),
  workspaceId: z.uuid(),
  documentId: z.uuid(),
  otherApiKey: z.string(),
  otherWorkspaceId: z.uuid(),
  agentId: z.string(),
  processId: z.string(),
  threadId: z.string(),
  undeployedAgentId: z.string(),
  /** Signed anew at every boot, for a year. */
  jwt: z.string(),
});
export type Demo = z.infer<typeof Demo>;

/** As an earlier version wrote it, before there was all of it. */
const Stored = Demo.partial({
  agentId: true,
  processId: true,
  threadId: true,
  undeployedAgentId: true,
  jwt: true,
});

const SAMPLE = new URL('../../../docs/samples/membership-intake.xlsx', import.meta.url);
const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';

/** Makes the demo workspace on first boot, and what an earlier version's has not yet. */
export async function ensureDemo(
  platform: Platform,
  issuer: Pick<DevelopmentIssuer, 'sign'>,
  dataFolder: string,
): Promise<Demo> {
  const file = join(dataFolder, 'demo.json');
  const stored = await complete(platform, (await readDemo(file)) ?? (await createDemo(platform)));
  const demo = { ...stored, jwt: await issuer.sign({ sub: DEMO_SUBJECT }) };
  await writePrivate(file, JSON.stringify(demo, null, 2));
  return demo;
}

/** Writes `demo.env` with this boot's address. */
export const writeDemoEnv = (dataFolder: string, demo: Demo, baseUrl: string): Promise<void> =>
  writePrivate(join(dataFolder, 'demo.env'), toEnv(demo, baseUrl));

async function readDemo(file: string): Promise<z.infer<typeof Stored> | undefined> {
  try {
    return Stored.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw new FolderError(
      `${file} is not what the first boot wrote. Put back a copy of it, or remove that file only: then another demo workspace is made, and everything that there is stays.`,
      { cause: error },
    );
  }
}

/** Adds what the demo of an earlier version does not have. */
async function complete(platform: Platform, stored: z.infer<typeof Stored>) {
  const { workspaceId, agentId, processId } = stored;
  const process =
    agentId !== undefined && processId !== undefined
      ? { agentId, processId }
      : await createProcess(platform, workspaceId, agentId);
  const undeployedAgentId =
    stored.undeployedAgentId ?? (await createDemoAgents(platform, workspaceId, process.agentId));
  const threadId = stored.threadId ?? (await createDemoThread(platform, workspaceId, process.agentId));
  return { ...stored, ...process, threadId, undeployedAgentId };
}

/** Whom the demo's token is about. */
const DEMO_SUBJECT = 'demo|developer';

/** A conversation with the demo's agent, and somebody with a token who may take part in it. */
async function createDemoThread(platform: Platform, workspaceId: string, agentId: string): Promise<string> {
  const known = memberId(workspaceId, DEMO_SUBJECT);
  if ((await platform.members.get(workspaceId, known)) === undefined)
    await addMember(platform, workspaceId, { sub: DEMO_SUBJECT, role: 'owner' });
  return toThreadId((await createThread(platform, workspaceId, { assistantId: agentId })).id);
}

/** The order review under both of its stages, which takes the input of the API document's example. */
async function createProcess(
  platform: Platform,
  workspaceId: string,
  agentId = toShortId(platform.newId()),
): Promise<{ agentId: string; processId: string }> {
  const register = (stage: Stage) =>
    registerProcess(platform, workspaceId, {
      agent_id: agentId,
      name: 'Order review',
      stage,
      state_machine_arn: localMachineArn('order-review'),
    });
  await register('Draft');
  const { id } = await register('Published');
  return { agentId, processId: id };
}

async function createDemo(platform: Platform): Promise<z.infer<typeof Stored>> {
  const [workspace, other] = [
    await createWorkspace(platform, 'Demo'),
    await createWorkspace(platform, 'Other demo'),
  ];
  const owner = { id: platform.newId(), email: 'demo@runplane.example' };
  const keyFor = (of: Workspace) =>
    createKey(platform, { workspaceId: of.id, name: 'Demo key', role: 'owner', owner });
  const caller: Caller = {
    workspaceId: workspace.id,
    ownerId: owner.id,
    ownerEmail: owner.email,
    permissions: [],
  };
  const document = await createDocument(platform, caller, {
    name: 'membership-intake.xlsx',
    contentType: XLSX,
    metadata: {},
    conflictMode: 'keep_both',
    content: { bytes: await readFile(SAMPLE) },
  });
  return {
    apiKey: (await keyFor(workspace)).token,
    workspaceId: workspace.id,
    documentId: document.id,
    otherApiKey: (await keyFor(other)).token,
    otherWorkspaceId: other.id,
  };
}

function toEnv(demo: Demo, baseUrl: string): string {
  const variables = {
    BASE_URL: baseUrl,
    API_KEY: demo.apiKey,
    WORKSPACE_ID: demo.workspaceId,
    DOCUMENT_ID: demo.documentId,
    AGENT_ID: demo.agentId,
    UNDEPLOYED_AGENT_ID: demo.undeployedAgentId,
    PROCESS_ID: demo.processId,
    PROJECT_ID: demo.workspaceId,
    THREAD_ID: demo.threadId,
    JWT: demo.jwt,
    OTHER_API_KEY: demo.otherApiKey,
    OTHER_WORKSPACE_ID: demo.otherWorkspaceId,
  };
  return Object.entries(variables)
    .map(([name, value]) => `export ${name}="${value}"\n`)
    .join('');
}

/** Keys stand in these files, so nobody else may read them; a half-written one must never be found. */
async function writePrivate(file: string, text: string): Promise<void> {
  await rm(`${file}.new`, { force: true });
  await writeDurably(file, `${file}.new`, (opened) => opened.writeFile(text), 0o600);
}
