import { v7 as uuid } from 'uuid';
import { beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import type { Records } from '../../lib/apis/records/ports.ts';
import { someIds } from './builders.ts';

export const Note = z.object({
  id: z.string(),
  version: z.int().min(1),
  text: z.string(),
  more: z.record(z.string(), z.unknown()).default({}),
});
export type Note = z.infer<typeof Note>;

export const aNote = (members: Partial<Note> = {}): Note => ({
  id: uuid(),
  version: 1,
  text: 'Übersicht',
  more: { '': [1e300, null, { deep: '\ud83d' }] },
  ...members,
});

/** What records promise. `open` makes records of type `Note`, `openOthers` of another type beside them. */
export function describeRecords(
  name: string,
  open: () => Promise<{ notes: Records<Note>; others: Records<Note> }>,
): void {
  describe(`${name}: records`, () => {
    let notes: Records<Note>;
    let others: Records<Note>;
    beforeAll(async () => {
      ({ notes, others } = await open());
    });

    it('gives back what was written', async () => {
      const [workspaceId, note] = [uuid(), aNote()];
      expect(await notes.insert(workspaceId, note)).toBe(true);
      expect(await notes.get(workspaceId, note.id)).toStrictEqual(note);
    });

    it('gives back many, each once, in the order of their ids as asked', async () => {
      const [workspaceId, one, other] = [uuid(), aNote(), aNote()];
      for (const note of [one, other]) await notes.insert(workspaceId, note);
      expect(await notes.getMany(workspaceId, [other.id, uuid(), one.id, other.id])).toStrictEqual([
        other,
        one,
      ]);
      expect(await notes.getMany(uuid(), [one.id])).toEqual([]);
      expect(await others.getMany(workspaceId, [one.id])).toEqual([]);
    });

    it('is not found under another workspace, type or id', async () => {
      const [workspaceId, note] = [uuid(), aNote()];
      await notes.insert(workspaceId, note);
      expect(await notes.get(uuid(), note.id)).toBeUndefined();
      expect(await others.get(workspaceId, note.id)).toBeUndefined();
      expect(await notes.get(workspaceId, uuid())).toBeUndefined();
    });

    it('does not insert where the id is taken', async () => {
      const [workspaceId, note] = [uuid(), aNote()];
      await notes.insert(workspaceId, note);
      expect(await notes.insert(workspaceId, { ...note, text: 'another' })).toBe(false);
      expect(await notes.get(workspaceId, note.id)).toStrictEqual(note);
    });

    it('lets one of many inserts win', async () => {
      const [workspaceId, note] = [uuid(), aNote()];
      const texts = Array.from({ length: 20 }, (_, index) => `writer ${index}`);
      const won = await Promise.all(texts.map((text) => notes.insert(workspaceId, { ...note, text })));
      expect(won.filter(Boolean)).toHaveLength(1);
      expect((await notes.get(workspaceId, note.id))?.text).toBe(texts[won.indexOf(true)]);
    });

    it('replaces the version before, and only that', async () => {
      const [workspaceId, note] = [uuid(), aNote()];
      await notes.insert(workspaceId, note);
      const second = { ...note, version: 2, text: 'second' };
      expect(await notes.replace(workspaceId, second)).toBe(true);
      expect(await notes.replace(workspaceId, { ...note, version: 2, text: 'late' })).toBe(false);
      expect(await notes.replace(workspaceId, { ...note, version: 4, text: 'early' })).toBe(false);
      expect(await notes.get(workspaceId, note.id)).toStrictEqual(second);
    });

    it('replaces nothing where nothing is', async () => {
      const [workspaceId, note] = [uuid(), aNote({ version: 2 })];
      expect(await notes.replace(workspaceId, note)).toBe(false);
      expect(await notes.get(workspaceId, note.id)).toBeUndefined();
    });

    it('removes, and removing again changes nothing', async () => {
      const [workspaceId, note] = [uuid(), aNote()];
      await notes.insert(workspaceId, note);
      await notes.remove(workspaceId, note.id);
      await notes.remove(workspaceId, note.id);
      expect(await notes.get(workspaceId, note.id)).toBeUndefined();
      expect(await notes.insert(workspaceId, note)).toBe(true);
    });

    describe('list', () => {
      const workspaceId = uuid();
      const ids = someIds(7);
      // Numbered ids under two names, of which one begins with the other.
      const [sheet, sheets] = ['sheet#', 'sheet#s#'].map((prefix) =>
        Array.from({ length: 5 }, (_, no) => `${prefix}${String(no).padStart(12, '0')}`),
      ) as [string[], string[]];
      beforeAll(async () => {
        for (const id of [...ids, ...sheet, ...sheets]) await notes.insert(workspaceId, aNote({ id }));
        await others.insert(workspaceId, aNote());
        await notes.insert(uuid(), aNote());
      });
      async function pages(query: { limit: number; prefix?: string; before?: string }): Promise<string[][]> {
        const found: string[][] = [];
        for (let before = query.before; found.length < 20; ) {
          const { records, next } = await notes.list(workspaceId, { ...query, before });
          found.push(records.map(({ id }) => id));
          if (next === undefined) break;
          before = next;
        }
        return found;
      }

      it('is newest first, page by page, each record once', async () => {
        expect((await pages({ limit: 4 })).flat()).toEqual([...ids, ...sheet, ...sheets].sort().reverse());
      });

      it('keeps to the prefix, page by page', async () => {
        const [e0, e1, e2, e3, e4] = sheets;
        expect(await pages({ limit: 2, prefix: 'sheet#s#' })).toEqual([[e4, e3], [e2, e1], [e0]]);
        expect(await pages({ limit: 5, prefix: 'sheet#s#' })).toEqual([[e4, e3, e2, e1, e0]]);
        expect((await pages({ limit: 3, prefix: 'sheet#' })).flat()).toEqual(
          [...sheet, ...sheets].sort().reverse(),
        );
      });

      it('begins before an id that is not there', async () => {
        expect(await pages({ limit: 9, prefix: 'sheet#0', before: 'sheet#000000000002x' })).toEqual([
          sheet.slice(0, 3).reverse(),
        ]);
      });

      it('shows the whole prefix before an id that stands after it, and nothing before one that stands ahead', async () => {
        expect(await pages({ limit: 9, prefix: 'sheet#0', before: 'zzz' })).toEqual([[...sheet].reverse()]);
        expect(await pages({ limit: 9, prefix: 'sheet#0', before: '000' })).toEqual([[]]);
      });

      it('is oldest first when asked to, page by page', async () => {
        const first = await notes.list(workspaceId, { limit: 4, order: 'oldestFirst' });
        const rest = await notes.list(workspaceId, { limit: 99, order: 'oldestFirst', after: first.next });
        const found = [...first.records, ...rest.records].map(({ id }) => id);
        expect(found).toEqual([...ids, ...sheet, ...sheets].sort());
        expect(rest.next).toBeUndefined();
      });

      it.each(['oldestFirst', 'newestFirst'] as const)('keeps between two ids, %s', async (order) => {
        const [after, , , , before] = sheets;
        const within = { after, before, order, prefix: 'sheet#' };
        const expected = order === 'oldestFirst' ? sheets.slice(1, 4) : sheets.slice(1, 4).reverse();
        const found = await notes.list(workspaceId, { limit: 3, ...within });
        expect(found.records.map(({ id }) => id)).toEqual(expected);
        expect(found.next).toBeUndefined();
        const cut = await notes.list(workspaceId, { limit: 2, ...within });
        expect(cut.next).toBe(expected[1]);
        expect(await notes.list(workspaceId, { limit: 3, ...within, after: before, before: after })).toEqual({
          records: [],
        });
      });

      it('is empty where nothing is', async () => {
        expect(await notes.list(uuid(), { limit: 5 })).toEqual({ records: [] });
        expect(await pages({ limit: 5, prefix: 'nothing' })).toEqual([[]]);
      });
    });
  });
}
