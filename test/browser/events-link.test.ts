import { createServer, request as httpRequest, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestPlatform, type TestPlatform } from '../support/platform.ts';
import { launchChromium } from './launch.ts';

interface Seen {
  type: string;
  id: string;
  data: string;
}

let platform: TestPlatform;
let browser: Browser;
const servers: Server[] = [];

async function listen(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

let page: string;
beforeAll(async () => {
  page = await listen((_, res) => res.writeHead(200, { 'content-type': 'text/html' }).end('<title>A page'));
  [platform, browser] = await Promise.all([
    startTestPlatform(undefined, { corsOrigins: [page] }),
    launchChromium(),
  ]);
});
afterAll(async () => {
  await browser?.close();
  await platform?.close();
  for (const server of servers) {
    server.closeAllConnections();
    server.close();
  }
});

/** A way to the platform on which the first stream breaks after its second event; the ids from which streams began. */
async function breakingOnce(): Promise<{ url: string; began: (string | undefined)[] }> {
  const began: (string | undefined)[] = [];
  const url = await listen((req, res) => {
    began.push(req.headers['last-event-id']?.toString());
    const onward = httpRequest(`${platform.url}${req.url}`, { headers: req.headers }, async (got) => {
      res.writeHead(got.statusCode ?? 502, got.headers);
      if (began.length > 1) return got.pipe(res);
      let text = '';
      for await (const chunk of got.setEncoding('utf8')) {
        text += chunk;
        const [ready, first] = text.split('\r\n\r\n');
        if (first?.includes('data: ') !== true) continue;
        // An event that is not closed by a blank line is none.
        res.write(`${ready}\r\n\r\n${first}\r\n\r\nevent: message\r\ndata: {"half":`, () => res.destroy());
        break;
      }
    });
    onward.end();
  });
  return { url, began };
}

/** What a page of another origin sees through an EventSource of its own, up to the end of the run. */
async function watch(url: string): Promise<Seen[]> {
  const opened = await browser.newPage();
  await opened.goto(page);
  const seen = await opened.evaluate(
    (address) =>
      new Promise<Seen[]>((resolve, reject) => {
        const events: Seen[] = [];
        const source = new EventSource(address);
        source.onerror = () => {
          if (source.readyState === EventSource.CLOSED) reject(new Error('The browser gave up'));
        };
        for (const name of ['ready', 'message', 'end']) {
          source.addEventListener(name, (event) => {
            if (!(event instanceof MessageEvent)) return;
            events.push({ type: event.type, id: event.lastEventId, data: event.data });
            if (event.type !== 'end') return;
            source.close();
            resolve(events);
          });
        }
      }),
    url,
  );
  await opened.close();
  return seen;
}

/** The same, as it stands in the stream that a key opens. */
async function toldOf(runId: string): Promise<Seen[]> {
  const { body } = await platform.call('GET', `runs/${runId}/events/stream`);
  const events = String(body).split('\r\n\r\n').filter(Boolean);
  return events.map((event) => {
    const [, id = '', type = '', data = ''] = /^id: (\d+)\r\nevent: (\w+)\r\ndata: (.*)$/.exec(event) ?? [];
    return { type, id, data };
  });
}

describe("a page's own EventSource", () => {
  it("opens the link to a run's events and sees all of them", async () => {
    const { body: run } = await platform.run(platform.demo.documentId);
    const { body: link } = await platform.call('POST', `runs/${run.id}/events/link`);

    const seen = await watch(link.url);

    expect(seen).toEqual(await toldOf(run.id));
    expect(seen.length).toBeGreaterThan(3);
  });

  it('goes on where it was when the connection broke', async () => {
    const { body: run } = await platform.run(platform.demo.documentId);
    const { body: link } = await platform.call('POST', `runs/${run.id}/events/link`);
    const way = await breakingOnce();

    const seen = await watch(link.url.replace(platform.url, way.url));

    const told = await toldOf(run.id);
    expect(way.began).toEqual([undefined, told[1]?.id]);
    expect(seen.filter(({ type }) => type !== 'ready')).toEqual(told.filter(({ type }) => type !== 'ready'));
    expect(seen.filter(({ type }) => type === 'ready').map(({ id }) => id)).toEqual(
      way.began.map((id) => id ?? '0'),
    );
  });
});
