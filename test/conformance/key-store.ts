import { randomBytes } from 'node:crypto';
import { v7 as uuid } from 'uuid';
import { beforeAll, describe, expect, it } from 'vitest';
import type { KeyStore } from '../../lib/apis/workspaces/ports.ts';
import type { ApiKey } from '../../lib/apis/workspaces/workspaces.ts';
import { at } from './builders.ts';

export const anApiKey = (members: Partial<ApiKey> = {}): ApiKey => ({
  prefix: randomBytes(6).toString('hex'),
  version: 1,
  id: uuid(),
  name: 'Nightly import',
  secretHash: randomBytes(32).toString('hex'),
  ownerId: uuid(),
  ownerEmail: 'ada@example.com',
  roles: { [uuid()]: 'member' },
  createdAt: at(0),
  ...members,
});

const byPrefix = (one: ApiKey, other: ApiKey): number => (one.prefix < other.prefix ? -1 : 1);

/** What every key store promises. */
export function describeKeyStore(name: string, open: () => Promise<KeyStore>): void {
  describe(`${name}: key store`, () => {
    let keys: KeyStore;
    beforeAll(async () => {
      keys = await open();
    });

    it('finds a key by its prefix alone', async () => {
      const key = anApiKey({ expiresAt: at(3600) });
      expect(await keys.insert(key)).toBe(true);
      expect(await keys.get(key.prefix)).toStrictEqual(key);
      expect(await keys.get('unknown')).toBeUndefined();
    });

    it('does not insert where the prefix is taken', async () => {
      const key = anApiKey();
      const workspaceId = uuid();
      await keys.insert(key);
      expect(
        await keys.insert({ ...anApiKey({ roles: { [workspaceId]: 'owner' } }), prefix: key.prefix }),
      ).toBe(false);
      expect(await keys.get(key.prefix)).toStrictEqual(key);
      expect(await keys.list(workspaceId)).toEqual([]);
    });

    it('replaces the version before, and only that', async () => {
      const key = anApiKey();
      await keys.insert(key);
      const revoked = { ...key, version: 2, revokedAt: at(10) };
      expect(await keys.replace(revoked)).toBe(true);
      expect(await keys.replace({ ...key, version: 2, name: 'late' })).toBe(false);
      expect(await keys.get(key.prefix)).toStrictEqual(revoked);
    });

    it('replaces nothing where nothing is', async () => {
      const key = anApiKey({ version: 2 });
      expect(await keys.replace(key)).toBe(false);
      expect(await keys.get(key.prefix)).toBeUndefined();
    });

    it('lists the keys that have a role in the workspace', async () => {
      const [mine, shared] = [uuid(), uuid()];
      const one = anApiKey({ roles: { [mine]: 'owner' } });
      const both = anApiKey({ roles: { [mine]: 'reader', [shared]: 'member' } });
      for (const key of [one, both, anApiKey()]) await keys.insert(key);
      expect((await keys.list(mine)).sort(byPrefix)).toStrictEqual([one, both].sort(byPrefix));
      expect(await keys.list(shared)).toStrictEqual([both]);
      expect(await keys.list(uuid())).toEqual([]);
    });

    it('lists a key where its roles are now', async () => {
      const [before, after] = [uuid(), uuid()];
      const key = anApiKey({ roles: { [before]: 'owner' } });
      await keys.insert(key);
      const moved: ApiKey = { ...key, version: 2, roles: { [after]: 'reader' } };
      expect(await keys.replace(moved)).toBe(true);
      expect(await keys.list(before)).toEqual([]);
      expect(await keys.list(after)).toStrictEqual([moved]);
    });

    it('lists more keys than one read can hold', async () => {
      const workspaceId = uuid();
      const many = Array.from({ length: 120 }, () => anApiKey({ roles: { [workspaceId]: 'reader' } }));
      await Promise.all(many.map((key) => keys.insert(key)));
      expect((await keys.list(workspaceId)).sort(byPrefix)).toStrictEqual(many.sort(byPrefix));
    });
  });
}
