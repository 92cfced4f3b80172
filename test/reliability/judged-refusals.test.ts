import { describe, expect, it } from 'vitest';
import { History } from '../simulator/history.ts';
import { factsOf } from '../simulator/judge/facts.ts';
import { INVARIANTS } from '../simulator/judge/invariants.ts';

const TAKEN = 'Idempotency-Key was already used with another request; choose a new key';
const PATH = '/api/v1/workspaces/here/runs';

interface Asked {
  by: string;
  asked: string;
  at: number;
  key?: string;
  path?: string;
  /** Without it, there was none. */
  answer?: { at: number; status: number; body?: string };
}

const OTHERS = '019b76da-a800-7313-a5ca-000000000001';
const FOREIGN = '019b76da-a800-7313-a5ca-000000000002';

/** What is wrong with the refusals among these requests, of which `member` has the keys of `owner`. */
function wrongIn(requests: readonly Asked[]): string[] {
  const history = new History(0);
  const document = { pk: `WS#${OTHERS}`, sk: `DOCUMENT#${FOREIGN}`, item: {} };
  history.entries.push({ at: 0, type: 'write', by: 'nobody', ...document });
  for (const name of ['owner', 'ada']) history.parties.set(name, { name, tenant: 'A' });
  history.parties.set('member', { name: 'member', tenant: 'A', holder: 'owner' });
  requests.forEach(({ by, asked, at, key = 'document-0', path = PATH, answer }, no) => {
    history.entries.push({ at, type: 'ask', no, party: by, method: 'POST', path, key, body: asked });
    if (answer === undefined) history.entries.push({ at, type: 'no answer', no, why: 'died' });
    else {
      const { status, body = '{}' } = answer;
      history.entries.push({ at: answer.at, type: 'answer', no, status, headers: {}, body });
    }
  });
  const judge = INVARIANTS.find(({ name }) => name === 'no false refusal')?.judge;
  return judge?.(factsOf(history, new Map([[OTHERS, 'B']]), true)).wrong ?? ['nobody judges it'];
}

const refused = (at: number) => ({ at, status: 422, body: TAKEN });
const own: Asked = { by: 'owner', asked: 'own document', at: 903, answer: refused(947) };

describe('a key that stands for another request is refused rightly', () => {
  it.each<[string, Asked]>([
    ['is at work', { by: 'owner', asked: FOREIGN, at: 882, answer: { at: 980, status: 404 } }],
    [
      'was asked at the same moment',
      { by: 'owner', asked: FOREIGN, at: 947, answer: { at: 980, status: 404 } },
    ],
    ['was never answered', { by: 'owner', asked: FOREIGN, at: 10 }],
    ['failed', { by: 'owner', asked: FOREIGN, at: 10, answer: { at: 20, status: 500 } }],
    ['made something', { by: 'owner', asked: 'other', at: 10, answer: { at: 20, status: 201 } }],
    ['came with another API key of its owner', { by: 'member', asked: 'other', at: 10 }],
  ])('the other one %s', (_what, other) => {
    expect(wrongIn([other, own])).toEqual([]);
  });
});

describe('a key that is free is refused wrongly', () => {
  const wrong = [expect.stringContaining('was refused with 422')];

  it.each<[string, Asked]>([
    ['was refused before', { by: 'owner', asked: FOREIGN, at: 10, answer: { at: 902, status: 404 } }],
    ['came later', { by: 'owner', asked: FOREIGN, at: 948 }],
    ['was the same', { by: 'owner', asked: 'own document', at: 10 }],
    ['is of somebody who has keys of his own', { by: 'ada', asked: FOREIGN, at: 10 }],
    ['had another key', { by: 'owner', asked: FOREIGN, at: 10, key: 'document-1' }],
    ['went to another address', { by: 'owner', asked: FOREIGN, at: 10, path: `${PATH}/batch` }],
  ])('the other one %s', (_what, other) => {
    expect(wrongIn([other, own])).toEqual(wrong);
  });

  it('and so is what has nothing to do with the key', () => {
    const other: Asked = { by: 'owner', asked: FOREIGN, at: 10 };
    const why = { at: 947, status: 422, body: 'The document is not to your taste' };
    expect(wrongIn([other, { ...own, answer: why }])).toEqual(wrong);
  });
});
