import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { awsModels } from '../../../lib/adapters/aws/models.ts';
import { localModels } from '../../../lib/adapters/local/models.ts';

describe('secrets on AWS', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('are parameters below the path of their workspace', async () => {
    const read = vi.fn(async (name: string) => `value of ${name}`);
    const models = awsModels('/runplane/dev', read);

    expect(await models('ws-1').resolveSecret('openai/key')).toBe('value of /runplane/dev/ws-1/openai/key');
    expect(await models('ws-2').resolveSecret('openai/key')).toBe('value of /runplane/dev/ws-2/openai/key');
  });

  it('are read once a minute, and a failure is not remembered', async () => {
    const read = vi.fn(async () => 'value');
    const { resolveSecret } = awsModels('/runplane/dev', read)('ws');
    read.mockRejectedValueOnce(new Error('ParameterNotFound'));

    await expect(resolveSecret('key')).rejects.toThrow();
    await resolveSecret('key');
    await resolveSecret('key');
    expect(read).toHaveBeenCalledTimes(2);
    vi.advanceTimersByTime(60_000);
    await resolveSecret('key');
    expect(read).toHaveBeenCalledTimes(3);
  });

  it('are sent to public addresses only', () => {
    const { mayCall } = awsModels('/runplane/dev', async () => '')('ws');

    expect(mayCall?.(new URL('https://api.openai.com/v1'))).toBe(true);
    expect(mayCall?.(new URL('http://127.0.0.1:9001/2018-06-01/runtime'))).toBe(false);
  });
});

describe('secrets on a laptop', () => {
  afterEach(() => {
    vi.unstubAllEnvs();
  });

  it('are environment variables with a prefix, and no others', async () => {
    vi.stubEnv('RUNPLANE_SECRET_AZURE_KEY', 'value');
    const { resolveSecret } = localModels('ws');

    expect(await resolveSecret('azure/key')).toBe('value');
    await expect(resolveSecret('PATH')).rejects.toThrow('RUNPLANE_SECRET_PATH');
  });
});
