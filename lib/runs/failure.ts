import type { Failure } from './run.ts';

/**
 * Longest sentence that is kept of a failure, and longest code, in characters: whole sentences, and room in a
 * record, a log line and an answer. What quotes a document or a process may be of any length.
 */
export const MAX_MESSAGE = 1000;
export const MAX_CODE = 256;

export const boundedFailure = ({ code, stage, message }: Failure): Failure => ({
  code: shortened(code, MAX_CODE),
  stage,
  message: shortened(message, MAX_MESSAGE),
});

const shortened = (text: string, limit: number): string =>
  text.length <= limit ? text : `${text.slice(0, limit - 1).toWellFormed()}…`;
