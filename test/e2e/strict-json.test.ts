import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestPlatform, type TestPlatform } from '../support/platform.ts';

let platform: TestPlatform;
beforeAll(async () => {
  platform = await startTestPlatform();
});
afterAll(() => platform.close());

const LOSSY = [
  ...['1e999', '9007199254740993', '-18446744073709551615', '{"a":{"__proto__":{"b":1}}}'],
  ...['{"a":{"b":1,"b":2}}', '{"a":"\\ud83d"}', '{"\\udc00":1}'],
];
const headers = { 'content-type': 'application/json' };

describe('JSON that would be changed in silence', () => {
  it.each(LOSSY)('%s is refused in the words of each API', async (value) => {
    const { workspaceId, agentId, processId } = platform.demo;
    const post = (path: string, body: string) => platform.call('POST', path, { body, headers });
    const [documents, agents, processes, threads] = await Promise.all([
      post('configurations', `{"displayName":"x","definition":${value}}`),
      post('/api/v1/run', `{"agent_id":"${agentId}","variables":{"x":${value}}}`),
      post('/runs', `{"process_id":"${processId}","inputs":${value}}`),
      post(`/api/projects/${workspaceId}/chat`, `{"message":"x","other":${value}}`),
    ]);

    const said =
      /The number .* (is too large|has more than 53 bits; send it as a string)|A member must not be called __proto__|The member .* stands twice|A text has half a character/;
    expect(documents).toMatchObject({ status: 422, body: { errors: [{ code: 'json_invalid' }] } });
    expect(documents.body.detail).toMatch(said);
    expect(agents).toMatchObject({ status: 400, body: { message: expect.stringMatching(said) } });
    expect(processes).toMatchObject({ status: 400, body: { message: expect.stringMatching(said) } });
    expect(threads.status).toBe(400);
    expect(JSON.stringify(threads.body)).toMatch(said);
  });

  it.each(LOSSY)('%s is refused in a part of a form and in filters', async (value) => {
    const parts = await Promise.all(
      ['metadata', 'run_options'].map((name) =>
        platform.upload('a.csv', 'a,b\n1,2\n', { [name]: `{"x":${value}}` }),
      ),
    );
    for (const part of parts)
      expect(part).toMatchObject({ status: 422, body: { errors: [{ code: 'json_invalid' }] } });

    const filters = encodeURIComponent(`[{"id":"status","operator":"eq","value":${value}}]`);
    expect((await platform.call('GET', `runs?filters=${filters}`)).status).toBe(422);
  });

  it('refuses a part of a form that is no text, unless it says which', async () => {
    const form = (charset: string) =>
      Buffer.from(
        [
          `--x\r\nContent-Disposition: form-data; name="metadata"\r\n${charset}\r\n{"by":"Ren\u00e9"}`,
          `--x\r\nContent-Disposition: form-data; name="file"; filename="l.csv"\r\n\r\na,b\n1,2`,
          '--x--\r\n',
        ].join('\r\n'),
        'latin1',
      );
    const send = (charset: string) =>
      platform.call('POST', 'documents', {
        body: form(charset),
        headers: { 'content-type': 'multipart/form-data; boundary=x' },
      });
    expect(await send('')).toMatchObject({
      status: 400,
      body: { detail: "The part 'metadata' is not text in UTF-8." },
    });
    expect(await send('Content-Type: text/plain; charset=iso-8859-1\r\n')).toMatchObject({
      status: 201,
      body: { metadata: { by: 'Ren\u00e9' } },
    });
  });

  it('lets a byte order mark pass before metadata, as before a body', async () => {
    const { status, body } = await platform.upload('mark.csv', 'a,b\n1,2\n', {
      metadata: '\ufeff{"by":"me"}',
    });

    expect([status, body.metadata]).toEqual([201, { by: 'me' }]);
  });

  it('keeps what it takes', async () => {
    const kept = {
      most: 9_007_199_254_740_991,
      least: -9_007_199_254_740_991,
      float: 1.5e300,
      text: '1e999',
    };
    const { status, body } = await platform.upload('b.csv', 'a,b\n1,2\n', { metadata: JSON.stringify(kept) });
    expect(status).toBe(201);
    expect((await platform.call('GET', `documents/${body.id}`)).body.metadata).toMatchObject(kept);
  });
});
