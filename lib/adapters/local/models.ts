import type { Models } from '../../apis/platform.ts';

const PREFIX = 'RUNPLANE_SECRET_';

/** `openai/key` is `RUNPLANE_SECRET_OPENAI_KEY`: under a prefix of its own, nothing else can be asked for. */
const variableOf = (ref: string): string => PREFIX + ref.toUpperCase().replace(/[^A-Z0-9]/g, '_');

/** Models as a laptop calls them: secrets are environment variables, and servers may stand anywhere. */
export const localModels: Models = () => ({
  async resolveSecret(ref) {
    const value = process.env[variableOf(ref)];
    if (value === undefined) throw new Error(`The environment has no ${variableOf(ref)}`);
    return value;
  },
});
