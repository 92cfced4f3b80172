import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Complaint, type Values } from './command.ts';

/** Calls the API as any client does. @throws Complaint with what it answered when that is a refusal. */
export async function callApi(
  values: Values,
  method: string,
  path: string,
  body?: unknown,
): Promise<unknown> {
  const { url, key } = await addressOf(values);
  let response: Response;
  try {
    response = await fetch(`${url}${path}`, {
      method,
      headers: { 'x-api-key': key, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  } catch {
    throw new Complaint(
      `Nothing answers at ${url}. Is the platform up, or is another address meant (--url)?`,
    );
  }
  const text = await response.text();
  const answer = parse(text);
  if (!response.ok) throw new Complaint(`${response.status}: ${sentenceOf(answer) ?? response.statusText}`);
  return answer;
}

/** By option, by environment, or from what the local platform wrote when it came up. */
async function addressOf(values: Values): Promise<{ url: string; key: string }> {
  const local = await readDemoEnvironment();
  const url = values.url ?? process.env.BASE_URL ?? local.BASE_URL;
  const key = values.key ?? process.env.API_KEY ?? local.API_KEY;
  if (typeof url !== 'string' || typeof key !== 'string') {
    throw new Complaint(
      'Say where the platform is and who you are: --url and --key, or BASE_URL and API_KEY.',
      2,
    );
  }
  return { url: url.replace(/\/+$/, ''), key };
}

async function readDemoEnvironment(): Promise<Record<string, string | undefined>> {
  const file = join(process.env.RUNPLANE_DATA || '.runplane', 'demo.env');
  try {
    const text = await readFile(file, 'utf8');
    return Object.fromEntries(
      [...text.matchAll(/^export (\w+)="(.*)"$/gm)].map(([, name, value]) => [name, value]),
    );
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return {};
    throw error;
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return text;
    throw error;
  }
}

/** What a refusal of any API says, with the members that it finds wrong. */
function sentenceOf(answer: unknown): string | undefined {
  if (typeof answer !== 'object' || answer === null) return undefined;
  const { message, detail, details } = answer as { message?: string; detail?: string; details?: unknown };
  const wrong = Array.isArray(details)
    ? details.map(({ field, message: said }: { field: string; message: string }) => `${field} ${said}`)
    : [];
  const said = message ?? detail;
  return said === undefined || wrong.length === 0 ? said : `${said} (${wrong.join('; ')})`;
}
