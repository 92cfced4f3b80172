import type * as z from 'zod';
import { invalid } from './refusal.ts';

/** An opaque page token: base64url of a compact JSON object. */
export const encodeCursor = (value: Record<string, unknown>): string =>
  Buffer.from(JSON.stringify(value)).toString('base64url');

/** @throws Refused 422 for anything that this API did not hand out. */
export function decodeCursor<Shape extends z.ZodType>(token: string, shape: Shape): z.infer<Shape> {
  const parsed = shape.safeParse(parse(token));
  if (!parsed.success) throw invalid('Invalid cursor token.');
  return parsed.data;
}

function parse(token: string): unknown {
  try {
    return JSON.parse(Buffer.from(token, 'base64url').toString('utf8'));
  } catch (error) {
    if (error instanceof SyntaxError) return undefined; // not a token of ours: refused by its shape
    throw error;
  }
}
