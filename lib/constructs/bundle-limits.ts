import { type Needs, platformParts, STEPS } from './needs.ts';

/** The most that a function reads before its first answer, in KB. What is loaded on demand does not count. */
export function bundleLimit(needs: Needs): number {
  const { files, executor } = platformParts(needs);
  if (needs.entry === STEPS.processDocument) return 650;
  return files || executor ? 640 : 480;
}
