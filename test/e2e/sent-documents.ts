import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import type { CONFLICT_MODES } from '../../lib/apis/workspace-runs/documents/documents-contract.ts';
import type { Answer, TestPlatform } from '../support/platform.ts';

export type ConflictMode = (typeof CONFLICT_MODES)[number];
export const MODES: ConflictMode[] = ['reject', 'upload_new_version', 'keep_both'];

export const ONE = 'Email\none@example.com\n';
export const TWO = 'Email\ntwo@example.com\n';

/** The stem of a name that no other case uses; where a mode needs one, there is a document of that name. */
export async function aName(platform: TestPlatform, mode: ConflictMode): Promise<string> {
  const stem = `n${randomUUID().slice(0, 8)}`;
  if (mode !== 'reject') await platform.upload(`${stem}.csv`, ONE);
  return stem;
}

interface Sent {
  content?: string;
  type?: string;
  key?: string;
  fields?: Record<string, string>;
  /** Of which it is to be a version. */
  documentId?: string;
}

export function send(
  platform: TestPlatform,
  stem: string,
  { content = TWO, type, key, fields = {}, documentId }: Sent,
): Promise<Answer> {
  const body = new FormData();
  for (const [field, value] of Object.entries(fields)) body.set(field, value);
  body.set('file', new Blob([content], { type: type ?? 'text/csv' }), `${stem}.csv`);
  const headers = key === undefined ? {} : { 'idempotency-key': key };
  const path = documentId === undefined ? 'documents' : `documents/${documentId}/versions`;
  return platform.call('POST', path, { body, headers });
}

/** An upload whose file was posted to its form: what to call to complete it. */
export async function aPostedUpload(platform: TestPlatform, stem: string, content = TWO): Promise<string> {
  const { body: ticket } = await platform.call('POST', 'documents/uploads', {
    json: { name: `${stem}.csv`, contentType: 'text/csv' },
  });
  await postTo(ticket, content);
  return ticket.completeUrl;
}

export async function postTo(ticket: { url: string; fields: Record<string, string> }, content: string) {
  const form = new FormData();
  for (const [name, value] of Object.entries(ticket.fields)) form.set(name, value);
  form.set('file', new Blob([content]), 'posted.csv');
  expect((await fetch(ticket.url, { method: 'POST', body: form })).status).toBe(204);
}

export const complete = (platform: TestPlatform, url: string, mode: ConflictMode, json: object = {}) =>
  platform.call('POST', url, { json: { conflictMode: mode, ...json } });

/** Everything there is under a stem: each document's name, versions, content and number of runs. */
export async function standing(platform: TestPlatform, stem: string) {
  const { body } = await platform.call('GET', `documents?q=${stem}&limit=100`);
  const found: { id: string; name: string; currentVersionNo: number }[] = body.items;
  const all = await Promise.all(
    found.map(async ({ id, name, currentVersionNo }) => {
      const filters = JSON.stringify([{ id: 'inputDocumentId', operator: 'eq', value: id }]);
      const [next, content, runs] = await Promise.all([
        platform.call('GET', `documents/${id}/versions/${currentVersionNo + 1}/download`),
        platform.call('GET', `documents/${id}/versions/${currentVersionNo}/download`),
        platform.call('GET', `runs?filters=${encodeURIComponent(filters)}`),
      ]);
      expect(next.status).toBe(404);
      return `${name.replace(stem, '')}: ${currentVersionNo} ${content.body} ${runs.body.items.length}`;
    }),
  );
  return all.toSorted();
}

/** What is to stand when one upload of `TWO` was made, and run as often as this. */
export const whenDone = (mode: ConflictMode, runs: number): string[] =>
  ({
    reject: [`.csv: 1 ${TWO} ${runs}`],
    upload_new_version: [`.csv: 2 ${TWO} ${runs}`],
    keep_both: [` (2).csv: 1 ${TWO} ${runs}`, `.csv: 1 ${ONE} 0`],
  })[mode];

export const idOf = ({ body }: Answer): string => body.id;

/** Seconds after which whoever held a key must have gone: no function is given half a minute to answer. */
export const GONE = 31;

/** So many seconds from now. */
export async function later<T>(platform: TestPlatform, seconds: number, act: () => Promise<T>): Promise<T> {
  const { now } = platform.platform;
  platform.platform.now = () => new Date(now().getTime() + seconds * 1000);
  try {
    return await act();
  } finally {
    platform.platform.now = now;
  }
}
