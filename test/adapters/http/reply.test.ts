import { describe, expect, it } from 'vitest';
import { assertAnswerable } from '../../../lib/adapters/http/reply.ts';

describe('an answer that is too long to be sent', () => {
  const reply = { status: 200, body: 'x'.repeat(6_291_556) };

  it.each([
    [true, /of which 6275172 can be sent: ask for less of it, with a lower limit or a narrower filter\.$/],
    [
      false,
      /of which 6275172 can be sent\. It cannot be asked for in parts: what it shows has to be made shorter\.$/,
    ],
  ])('advises what can be done about it: %s', (isPage, said) => {
    expect(() => assertAnswerable(reply, { isPage })).toThrow(said);
  });
});
