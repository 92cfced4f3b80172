import { type Needs, platformParts, STEPS } from './needs.ts';

/** The most that a function reads before its first answer, in KB. What is loaded on demand does not count. */
export function bundleLimit(needs: Needs): number {
  const { files, executor } = platformParts(needs);
  // 650 as planned, and 110 for regular expressions that cannot be
  // made to run forever (re2js): configurations bring their own.
  if (needs.entry === STEPS.processDocument) return 760;
  return files || executor ? 640 : 480;
}
