import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { archiveConfiguration as archive } from '../../../lib/apis/workspace-runs/configurations/archive-configuration.ts';
import { createDraft } from '../../../lib/apis/workspace-runs/configurations/configuration-drafts.ts';
import { toSummary } from '../../../lib/apis/workspace-runs/configurations/configuration-view.ts';
import { publishDraft } from '../../../lib/apis/workspace-runs/configurations/publish-draft.ts';
import { createWorkspace } from '../../../lib/apis/workspaces/create-workspace.ts';
import { openRecords, type Records } from './records-platform.ts';

let records: Records;
let platform: ReturnType<Records['fresh']>;
let workspaceId: string;
beforeAll(async () => {
  records = await openRecords();
});
afterAll(() => records.close());
beforeEach(async () => {
  platform = records.fresh();
  workspaceId = (await createWorkspace(platform, 'Publishing')).id;
});

const active = async () => (await platform.workspaces.get(workspaceId, workspaceId))?.activeConfigurationId;
const shown = async (id: string) => {
  const record = await platform.configurations.get(workspaceId, id);
  return record && toSummary(workspaceId, record, await active()).status;
};
const aDraft = (definition?: Record<string, unknown>) =>
  createDraft(platform, workspaceId, { name: 'Draft', definition });

describe('publishDraft', () => {
  it('is finished by publishing again when it was interrupted before the pointer moved', async () => {
    const before = (await active()) ?? '';
    const draft = await aDraft();
    const interrupted = {
      ...platform,
      workspaces: Object.assign(Object.create(platform.workspaces), {
        replace: () => Promise.reject(new Error('cut off')),
        get: platform.workspaces.get.bind(platform.workspaces),
      }),
    };
    await expect(publishDraft(interrupted, workspaceId, draft.id)).rejects.toThrow('cut off');
    expect([await active(), await shown(before)]).toEqual([before, 'active']);

    expect((await publishDraft(platform, workspaceId, draft.id)).type).toBe('published');

    expect([await active(), await shown(draft.id), await shown(before)]).toEqual([
      draft.id,
      'active',
      'archived',
    ]);
  });

  it('shows one active configuration even when the one before was never told', async () => {
    const before = (await active()) ?? '';
    const draft = await aDraft();
    const interrupted = {
      ...platform,
      configurations: Object.assign(Object.create(platform.configurations), {
        get: platform.configurations.get.bind(platform.configurations),
        replace: async (ws: string, record: Parameters<typeof platform.configurations.replace>[1]) => {
          if (record.id === before) throw new Error('cut off');
          return platform.configurations.replace(ws, record);
        },
      }),
    };
    await expect(publishDraft(interrupted, workspaceId, draft.id)).rejects.toThrow('cut off');

    expect([await shown(draft.id), await shown(before)]).toEqual(['active', 'archived']);
    expect(await publishDraft(platform, workspaceId, draft.id)).toMatchObject({
      type: 'not_draft',
      isActive: true,
    });
  });

  it('checks again what was changed after it was checked', async () => {
    const draft = await aDraft();
    let isFirst = true;
    const changedMeanwhile = {
      ...platform,
      configurations: Object.assign(Object.create(platform.configurations), {
        get: platform.configurations.get.bind(platform.configurations),
        replace: async (ws: string, record: Parameters<typeof platform.configurations.replace>[1]) => {
          if (isFirst) {
            isFirst = false;
            const definition = { fields: 'broken' };
            await platform.configurations.replace(ws, { ...draft, version: 2, definition });
          }
          return platform.configurations.replace(ws, record);
        },
      }),
    };

    expect(await publishDraft(changedMeanwhile, workspaceId, draft.id)).toMatchObject({ type: 'invalid' });
    expect(await shown(draft.id)).toBe('draft');
  });

  it('knows what it cannot publish', async () => {
    const draft = await aDraft();
    await archive(platform, { workspaceId, configurationId: draft.id }, { ifMatch: undefined });

    expect((await publishDraft(platform, workspaceId, draft.id)).type).toBe('not_draft');
    expect((await publishDraft(platform, workspaceId, platform.newId())).type).toBe('unknown');
    const broken = await aDraft({ fields: [{}] });
    expect(await publishDraft(platform, workspaceId, broken.id)).toEqual({
      type: 'invalid',
      errors: [{ path: 'fields[0].name', code: 'missing', message: 'Field required' }],
    });
  });
});
