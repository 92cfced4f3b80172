import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestPlatform, type TestPlatform } from '../support/platform.ts';

const run = promisify(execFile);

let platform: TestPlatform;
let curl: string[];
let javascript: string[];
beforeAll(async () => {
  platform = await startTestPlatform();
  const document = await readFile(new URL('./seeds/003.md', import.meta.url), 'utf8');
  const blocks = (language: string): string[] =>
    [...document.matchAll(new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``, 'g'))].map(
      ([, block]) => block ?? '',
    );
  curl = blocks('bash').filter((block) => block.startsWith('curl'));
  javascript = blocks('javascript');
});
afterAll(() => platform.close());

/** The document's own address, ids and token replaced by those of `demo.env`. */
function substituted(example: string, runId = ''): string {
  const { demo, url } = platform;
  return example
    .replaceAll('https://api.agilemantis.com', url)
    .replaceAll('123e4567-e89b-12d3-a456-426614174000', demo.workspaceId)
    .replaceAll('thread_abc123', demo.threadId)
    .replaceAll('run_def456789', runId)
    .replaceAll('YOUR_JWT_TOKEN', demo.jwt);
}

const shell = async (script: string): Promise<string> =>
  (await run('bash', ['-c', `source ${join(platform.dataFolder, 'demo.env')}\n${script}`])).stdout;

/** As a page of the same origin would run it, with the token that it says is the reader's own. */
async function node(script: string): Promise<string> {
  const prelude = `const yourToken = ${JSON.stringify(platform.demo.jwt)};
    const fetch = (path, init) => globalThis.fetch(new URL(path, ${JSON.stringify(platform.url)}), init);\n`;
  const { stdout } = await run(process.execPath, ['--input-type=module', '-e', prelude + script]);
  return stdout;
}

async function ended(runId: string) {
  for (;;) {
    const path = `/api/projects/${platform.demo.workspaceId}/threads/${platform.demo.threadId}/runs/${runId}`;
    const { body } = await platform.call('GET', path);
    if (!['queued', 'in_progress'].includes(body.status)) return body;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

describe('seed 003, as pasted', () => {
  it('curl: creates a run, one with instructions, and reads a status', async () => {
    const [basic = '', custom = '', status = ''] = curl;
    const withStatus = (example: string) =>
      substituted(example).replace('curl ', "curl -sS -w '\\n%{http_code}' ");
    const [first = '{}', code] = (await shell(withStatus(basic))).split('\n');
    expect(code).toBe('201');
    expect(JSON.parse(first)).toMatchObject({
      status: 'queued',
      threadId: platform.demo.threadId,
      projectId: platform.demo.workspaceId,
      instructions: null,
      userMessage: 'Can you help me understand the authentication flow in this project?',
    });
    const { runId } = JSON.parse(first);
    await ended(runId);

    const second = JSON.parse((await shell(withStatus(custom))).split('\n')[0] ?? '{}');
    expect(second).toMatchObject({
      instructions: expect.stringContaining('Focus on the relationships'),
      userMessage: 'Explain the database schema for users and teams',
    });
    await ended(second.runId);

    const seen = JSON.parse(await shell(substituted(status, runId).replace('curl ', 'curl -sS ')));
    expect(seen).toMatchObject({ runId, status: 'completed', instructions: null, userMessage: null });
    expect(Object.keys(seen)).toHaveLength(10);
  });

  it('JavaScript: creates a run and monitors it to its end', async () => {
    const [workflow = ''] = javascript;
    const printed = await node(substituted(workflow));

    expect(printed).toMatch(/Initial status: queued/);
    expect(printed).toMatch(/Attempt \d+: Status = completed/);
    expect(printed).toMatch(/Run completed successfully!/);
    expect(printed).toMatch(/Total time: \d+ms/);
    expect(printed).toMatch(/status: 'completed'/);
  });

  it('JavaScript: creates a run and shows it', async () => {
    const creates = javascript.find((block) => block.includes("'Bearer ' + yourToken")) ?? '';
    const shows = javascript.find((block) => block.includes('function displayRunInfo')) ?? '';
    const { workspaceId, threadId } = platform.demo;
    const printed = await node(`${creates}\n${shows}
      const made = await createAndMonitorRun('${workspaceId}', '${threadId}', 'Hello');
      if (Number.isNaN(made.createdAt.getTime())) throw new Error('no date');
      console.log('made', made.runId);
      displayRunInfo({ ...made, userMessage: 'Hello' });`);

    expect(printed).toMatch(/Initial status: queued/);
    expect(printed).toMatch(/Status: QUEUED/);
    const [, runId = ''] = /made (run_\w+)/.exec(printed) ?? [];
    expect(await ended(runId)).toMatchObject({ status: 'completed' });
  });

  it('JavaScript: continues a conversation, whose answer is then the latest message', async () => {
    const [continues = ''] = javascript.filter((block) =>
      block.includes('async function continueConversation'),
    );
    const printed = await node(substituted(continues));
    const [, runId = ''] = /Run created with ID: (run_\w+)/.exec(printed) ?? [];
    await ended(runId);

    const { workspaceId, threadId } = platform.demo;
    const { body } = await platform.call('GET', `/api/projects/${workspaceId}/threads/${threadId}`);
    expect(body.messages.at(-1)).toMatchObject({
      role: 'assistant',
      content: 'What are the best practices for error handling in this codebase?',
    });
  });
});
