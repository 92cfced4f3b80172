import { type Needs, platformParts, STEPS } from './needs.ts';

/** The most that a function reads before its first answer, in KB. What is loaded on demand does not count. */
export function bundleLimit(needs: Needs): number {
  const { files, executor, models } = platformParts(needs);
  if (needs.entry === STEPS.processDocument) return 650;
  // Models' packages use all of zod, and a function has one copy of it, which stands in its start.
  if (models) return 1010;
  return files || executor ? 640 : 480;
}
