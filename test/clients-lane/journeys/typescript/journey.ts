declare const process: { env: Record<string, string | undefined> };
declare const console: { log(text: string): void };

const given = (name: string): string => {
  const value = process.env[name];
  if (value === undefined) throw new Error(`${name} is not set`);
  return value;
};

export const BASE_URL = given('BASE_URL');
export const API_KEY = given('API_KEY');
export const WORKSPACE_ID = given('WORKSPACE_ID');
export const DOCUMENT_ID = given('DOCUMENT_ID');
export const AGENT_ID = given('AGENT_ID');
export const PROCESS_ID = given('PROCESS_ID');

/** How a model that is somewhere is reached. */
export const SETTINGS = { type: 'openai-compatible' as const, baseUrl: given('MODEL_URL') };

/** What a client does of the journey, each in its own words. */
export interface Steps {
  createRun(): Promise<string>;
  runStatus(id: string): Promise<string>;
  downloadOutput(id: string): Promise<Blob>;
  startProcessRun(): Promise<string>;
  processRunStatus(id: string): Promise<string>;
  createThread(): Promise<string>;
  createThreadRun(threadId: string): Promise<string>;
  threadRunStatus(threadId: string, id: string): Promise<string>;
  /** Answers with the text. */
  runAgent(): Promise<string>;
  latestAgentRun(): Promise<{ id: string; status: string }>;
  /** Whether the agent's run has content. */
  hasContent(id: string): Promise<boolean>;
  countKeys(): Promise<number>;
  /** Sets a provider that is called `journey`, and reads where it is. */
  setProvider(): Promise<string | undefined>;
}

/** One journey through the four APIs; what it found is the last line of the output. */
export async function travel(steps: Steps): Promise<void> {
  const run = await steps.createRun();
  const workspace = await ended(() => steps.runStatus(run));
  const { size: bytes } = await steps.downloadOutput(run);
  const processRun = await steps.startProcessRun();
  const threadId = await steps.createThread();
  const threadRun = await steps.createThreadRun(threadId);
  const text = await steps.runAgent();
  if (text === '') throw new Error('The agent answered nothing');
  console.log(
    JSON.stringify({
      workspace,
      process: await ended(() => steps.processRunStatus(processRun)),
      thread: await ended(() => steps.threadRunStatus(threadId, threadRun)),
      agent: await ended(async () => (await steps.latestAgentRun()).status),
      run,
      bytes,
      keys: await steps.countKeys(),
      content: await steps.hasContent((await steps.latestAgentRun()).id),
      address: await steps.setProvider(),
    }),
  );
}

const OPEN = ['queued', 'running', 'in_progress', 'Created', 'Pending', 'Running'];

async function ended(status: () => Promise<string>): Promise<string> {
  for (;;) {
    const found = await status();
    if (!OPEN.includes(found)) return found;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
