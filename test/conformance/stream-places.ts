import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { v7 as uuid } from 'uuid';
import { beforeEach, describe, expect, it } from 'vitest';
import { DynamoStreamPlaces } from '../../lib/adapters/aws/dynamo/dynamo-stream-places.ts';
import type { StreamPlace, StreamPlaces } from '../../lib/apis/streams/ports.ts';
import { LEAST_PLACES } from '../../lib/apis/streams/stream-places-keeper.ts';
import { at } from './builders.ts';
import type { Database } from './dynamo-databases.ts';

const LONGEST = 900;

/** A stream that opens at this second of the tests' time line and stays, if nobody closes it, for so long. */
export const aStay = (second = 0, seconds = LONGEST) => ({
  holder: uuid(),
  now: new Date(at(second)),
  until: new Date(at(second + seconds)),
});

/** What happens when so many come one after the other. */
async function takeMany(streams: StreamPlaces, count: number, second = 0): Promise<StreamPlace[]> {
  const taken: StreamPlace[] = [];
  for (let come = 0; come < count; come += 1) {
    const place = await streams.take(aStay(second));
    if (place !== undefined) taken.push(place);
  }
  return taken;
}

const numbersOf = (places: readonly (StreamPlace | undefined)[]): number[] =>
  places.flatMap((place) => place?.no ?? []).toSorted((one, other) => one - other);

const upTo = (count: number): number[] => Array.from({ length: count }, (_, no) => no);

/** What every store of places promises. `open` gives a second function's view of the same places. */
export function describeStreamPlaces(
  name: string,
  open: (streams: string) => Promise<StreamPlaces>,
  database: () => Database,
): void {
  describe(`${name}: places of streams`, () => {
    let kind: string;
    let streams: StreamPlaces;
    let others: StreamPlaces;
    beforeEach(async () => {
      kind = uuid();
      streams = await open(kind);
      others = await open(kind);
    });

    it('are the least that there are until somebody says how many', async () => {
      expect(await streams.count()).toBeUndefined();

      const taken = await takeMany(streams, LEAST_PLACES + 1);

      expect(numbersOf(taken)).toEqual(upTo(LEAST_PLACES));
    });

    it('fill up to their count, and then there is none', async () => {
      await streams.setCount(12);

      const taken = await takeMany(streams, 12);

      expect(numbersOf(taken)).toEqual(upTo(12));
      expect(await streams.take(aStay(1))).toBeUndefined();
      expect(await others.take(aStay(1))).toBeUndefined();
      expect(await others.count()).toBe(12);
    });

    it('are taken by ten of fifty who come at once to ten of them', async () => {
      await streams.setCount(10);
      const functions = await Promise.all(upTo(50).map(() => open(kind)));

      const answers = await Promise.all(functions.map((each) => each.take(aStay())));

      expect(numbersOf(answers)).toEqual(upTo(10));
    });

    it('that are given back are the next one’s', async () => {
      const [first] = await takeMany(streams, LEAST_PLACES);
      if (first === undefined) throw new Error('there is no place');

      await streams.giveBack(first);

      const next = aStay(1);
      expect(await others.take(next)).toEqual({ no: first.no, holder: next.holder });
      expect(await streams.take(aStay(2))).toBeUndefined();
    });

    it('that are given back twice do not take the next one’s from them', async () => {
      const [first] = await takeMany(streams, LEAST_PLACES);
      if (first === undefined) throw new Error('there is no place');
      await streams.giveBack(first);
      await others.take(aStay(1));

      await streams.giveBack(first);

      expect(await streams.take(aStay(2))).toBeUndefined();
      expect(await others.take(aStay(2))).toBeUndefined();
    });

    it('that nobody holds can be given back all the same', async () => {
      await streams.giveBack({ no: 3, holder: uuid() });

      expect(numbersOf(await takeMany(streams, LEAST_PLACES + 1))).toEqual(upTo(LEAST_PLACES));
    });

    it('of those who died are free when their time is over, and not a second before', async () => {
      await takeMany(streams, LEAST_PLACES);

      const early = await Promise.all([streams, others].map((each) => each.take(aStay(LONGEST - 1))));
      const late = await takeMany(others, LEAST_PLACES + 1, LONGEST);

      expect(early).toEqual([undefined, undefined]);
      expect(numbersOf(late)).toEqual(upTo(LEAST_PLACES));
    });

    it('of the living stay theirs while those of the dead are taken again', async () => {
      const dying = await takeMany(streams, LEAST_PLACES - 2);
      const living = await takeMany(streams, 2, LONGEST / 2);

      const taken = await takeMany(others, LEAST_PLACES, LONGEST);

      expect(numbersOf(taken)).toEqual(numbersOf(dying));
      expect(numbersOf([...taken, ...living])).toEqual(upTo(LEAST_PLACES));
    });

    it('are not given back by one who died and whose place another has', async () => {
      const dead = await takeMany(streams, LEAST_PLACES);
      await takeMany(others, LEAST_PLACES, LONGEST);

      for (const place of dead) await streams.giveBack(place);

      expect(await streams.take(aStay(LONGEST + 1))).toBeUndefined();
    });

    it('that become fewer leave streams alone, and take new ones when they are fewer than that', async () => {
      await streams.setCount(12);
      const open = await takeMany(streams, 12);
      await streams.setCount(6);

      expect(await others.take(aStay(1))).toBeUndefined();
      for (const place of open.filter(({ no }) => no >= 5)) await streams.giveBack(place);

      expect(await others.take(aStay(1))).toMatchObject({ no: 5 });
      expect(await others.take(aStay(1))).toBeUndefined();
    });

    it('that become more are there for those who have seen fewer', async () => {
      await streams.setCount(6);
      await takeMany(others, 7);

      await streams.setCount(8);

      expect(numbersOf(await takeMany(others, 3))).toEqual([6, 7]);
    });

    it('that become fewer are forgotten by those who have seen more, in time', async () => {
      const MINUTES = 5;
      await streams.setCount(100);
      const held = await takeMany(others, LEAST_PLACES + 20); // and it has seen a hundred by then
      await streams.setCount(LEAST_PLACES);
      for (const place of held) await streams.giveBack(place);

      const later = await takeMany(others, LEAST_PLACES + 1, MINUTES * 60);

      expect(numbersOf(later)).toEqual(upTo(LEAST_PLACES));
    });

    it('cannot be fewer than the least', async () => {
      await expect(streams.setCount(LEAST_PLACES - 1)).rejects.toThrow(RangeError);
      await expect(streams.setCount(7.5)).rejects.toThrow(RangeError);
      expect(await streams.count()).toBeUndefined();
    });

    it('of different kinds of streams are different places', async () => {
      await takeMany(streams, LEAST_PLACES);

      expect(await (await open(uuid())).take(aStay())).toBeDefined();
    });

    it('are taken and given back by one write of one unit each, however many are open', async () => {
      await streams.setCount(300);
      await takeMany(others, 60);
      const { client, requests } = counting(database());
      const mine = new DynamoStreamPlaces({ client, name: database().tableName }, kind);
      for (const place of await takeMany(mine, 1)) await mine.giveBack(place); // the next stream looks there
      requests.length = 0;

      for (const place of await takeMany(mine, 1)) await mine.giveBack(place);

      expect(requests).toEqual([
        { command: 'PutItemCommand', units: 1 },
        { command: 'DeleteItemCommand', units: 1 },
      ]);
    });
  });
}

/** A client that notes what it sends, with what the database charges for it. */
function counting(database: Database) {
  const client: DynamoDBDocumentClient = database.connect();
  const requests: { command: string; units: number }[] = [];
  client.middlewareStack.add(
    (next, context) => async (args) => {
      const answer = await next({ ...args, input: { ...args.input, ReturnConsumedCapacity: 'TOTAL' } });
      const { ConsumedCapacity } = answer.output as { ConsumedCapacity?: { CapacityUnits?: number } };
      requests.push({
        command: String(context.commandName),
        units: ConsumedCapacity?.CapacityUnits ?? Number.NaN,
      });
      return answer;
    },
    { step: 'initialize', priority: 'low', name: 'counting' },
  );
  return { client, requests };
}
