/**
 * Memory of our functions in MB, by what they do. `lib/constructs/functions/platform-function.ts` gives it to them and says
 * why it is so much; receipts multiply by it.
 */
export const MEMORY_MB = {
  buffered: 512,
  computing: 1769,
  streaming: 256,
  answering: 256,
  worker: 1769,
  caretaker: 512,
} as const;
