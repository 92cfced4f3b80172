import { mkdir } from 'node:fs/promises';
import { createServer, request as httpRequest } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestPlatform, type TestPlatform } from '../support/platform.ts';
import { launchChromium } from './launch.ts';

/** With a folder in it, the pages are also kept as pictures: the README's. */
const PICTURES = process.env.RUNPLANE_PICTURES;

let platform: TestPlatform;
let browser: Browser;

beforeAll(async () => {
  [platform, browser] = await Promise.all([startTestPlatform(), launchChromium()]);
});
afterAll(async () => {
  await browser?.close();
  await platform?.close();
});

interface Opened {
  page: Page;
  /** What went wrong in the page, and where it called that is not the platform. */
  complaints: string[];
}

/** The platform below `/dev`, as API Gateway shows it under the name of its stage. */
async function behindStage(): Promise<{ url: string; close(): void }> {
  const server = createServer((req, res) => {
    const path = req.url?.startsWith('/dev/') === true ? req.url.slice('/dev'.length) : '/no-stage';
    const onward = httpRequest(
      `${platform.url}${path}`,
      { method: req.method, headers: req.headers },
      (got) => {
        res.writeHead(got.statusCode ?? 502, got.headers);
        got.pipe(res);
      },
    );
    req.pipe(onward);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const close = () => {
    server.closeAllConnections();
    server.close();
  };
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close };
}

async function open(path: string, url = platform.url): Promise<Opened> {
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('request', (request) => {
    const called = request.url();
    if (!called.startsWith(url) && !called.startsWith('data:')) complaints.push(`called ${called}`);
  });
  await page.goto(`${url}${path}`);
  await page.getByRole('heading', { name: /Runplane/ }).waitFor();
  return { page, complaints };
}

async function picture(page: Page, name: string): Promise<void> {
  if (PICTURES === undefined) return;
  await mkdir(PICTURES, { recursive: true });
  await page.screenshot({ path: join(PICTURES, `${name}.png`) });
}

const operationOf = (page: Page, operationId: string) => page.locator(`[id$="-${operationId}"]`);

async function enterKey(page: Page, key: string): Promise<void> {
  await page.getByRole('button', { name: 'Authorize' }).first().click();
  await page
    .getByLabel('auth-apikey-value')
    .or(page.locator('.auth-container input').first())
    .first()
    .fill(key);
  await page.locator('.auth-container').first().getByRole('button', { name: 'Apply credentials' }).click();
  await page.getByRole('button', { name: 'Close' }).first().click();
}

describe('the page at /docs', () => {
  it('lists every operation, from what came with the platform alone', async () => {
    const { page, complaints } = await open('/docs');

    const { paths } = (await platform.call('GET', '/openapi.json')).body as { paths: Record<string, object> };
    const described = Object.values(paths).reduce((sum, methods) => sum + Object.keys(methods).length, 0);
    await expect.poll(() => page.locator('.opblock').count()).toBe(described);
    await picture(page, 'docs');
    expect(complaints).toEqual([]);
    await page.close();
  });

  it('takes a key, sends a request and shows its answer', async () => {
    const { page, complaints } = await open('/docs');
    const { apiKey, workspaceId, documentId } = platform.demo;
    await enterKey(page, apiKey);
    const operation = operationOf(page, 'createRun');
    await operation.locator('.opblock-summary-control').click();
    await operation.getByPlaceholder('workspaceId').fill(workspaceId);
    const body = { inputDocumentId: documentId, options: { operation: 'process' } };
    await operation.locator('textarea.body-param__text').fill(JSON.stringify(body, null, 2));

    await operation.getByRole('button', { name: 'Execute' }).click();

    const answer = operation.locator('.live-responses-table .response').first();
    await answer.waitFor();
    expect(await answer.locator('.response-col_status').textContent()).toContain('201');
    expect(await answer.locator('.microlight').first().textContent()).toContain('"object": "ade.run"');
    await answer.scrollIntoViewIfNeeded();
    await picture(page, 'docs-answer');
    expect(complaints).toEqual([]);
    await page.close();
  });

  it('shows the refusal of a key that is none', async () => {
    const { page } = await open('/docs');
    await enterKey(page, 'not-a-key');
    const operation = operationOf(page, 'getWorkspace');
    await operation.locator('.opblock-summary-control').click();
    await operation.getByPlaceholder('workspaceId').fill(platform.demo.workspaceId);

    await operation.getByRole('button', { name: 'Execute' }).click();

    const answer = operation.locator('.live-responses-table .response').first();
    await answer.waitFor();
    expect(await answer.locator('.response-col_status').textContent()).toContain('401');
    expect(await answer.locator('.microlight').first().textContent()).toContain('"title": "Unauthorized"');
    await page.close();
  });

  it('works under the name of a stage, as it is deployed', async () => {
    const stage = await behindStage();
    const { page, complaints } = await open('/dev/docs', stage.url);
    const operation = operationOf(page, 'getHealth');
    await operation.locator('.opblock-summary-control').click();

    await operation.getByRole('button', { name: 'Execute' }).click();

    const answer = operation.locator('.live-responses-table .response').first();
    await answer.waitFor();
    expect(await answer.locator('.response-col_status').textContent()).toContain('200');
    expect(await operation.locator('.request-url').textContent()).toContain(`${stage.url}/dev/health`);
    expect(complaints).toEqual([]);
    await page.close();
    stage.close();
  });
});
