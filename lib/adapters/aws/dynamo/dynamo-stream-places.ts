import type { StreamPlace, StreamPlaces } from '../../../apis/streams/ports.ts';
import { LEAST_PLACES } from '../../../apis/streams/stream-places-keeper.ts';
import { freeAt, getItem, type Item, putItem, queryItems, removeItem, setItem, type Table } from './items.ts';
import { placeCountKey, placeKey, placeNumber, placesPartition } from './keys.ts';
import { TABLE } from './table.ts';

type Stay = Parameters<StreamPlaces['take']>[0];

/** How long a function goes by the count that it has seen, in milliseconds: it changes once in a year. */
const KNOWN_MS = 300_000;

/** Free places that are tried in turn. Who loses ten races in a row has come when all are being taken. */
const MOST_TRIES = 10;

/**
 * One item for each place that is held, put under the condition that the place is free. A write is one unit
 * however many streams are open, where a counter or a list of them in one item would be charged by its length
 * and would have to be mended when a function died: here the lease that has ended is a free place.
 */
export class DynamoStreamPlaces implements StreamPlaces {
  readonly #table: Table;
  readonly #streams: string;
  #known: { count: number; until: number } | undefined;
  /** Given back here last: nobody else has tried it since, most likely. */
  #left: number | undefined;

  /** `streams` names the kind of streams whose places these are. */
  constructor(table: Table, streams: string) {
    this.#table = table;
    this.#streams = streams;
  }

  async take(stay: Stay): Promise<StreamPlace | undefined> {
    const first = this.#guess(stay.now);
    if (await this.#hold(first, stay)) return { no: first, holder: stay.holder };
    for (const no of shuffled(await this.#free(stay.now)).slice(0, MOST_TRIES)) {
      if (await this.#hold(no, stay)) return { no, holder: stay.holder };
    }
    return undefined;
  }

  async giveBack({ no, holder }: StreamPlace): Promise<void> {
    await removeItem(this.#table, placeKey(this.#streams, no), {
      expression: 'holder = :holder',
      values: { ':holder': holder },
    });
    this.#left = no;
  }

  async count(): Promise<number | undefined> {
    return countIn(await getItem(this.#table, placeCountKey(this.#streams)));
  }

  async setCount(count: number): Promise<void> {
    if (!Number.isInteger(count) || count < LEAST_PLACES) {
      throw new RangeError(`There are at least ${LEAST_PLACES} places for streams, not ${count}`);
    }
    await setItem(this.#table, { ...placeCountKey(this.#streams), count });
    this.#known = undefined;
  }

  /** A place that may well be free, without having asked. */
  #guess(now: Date): number {
    const count =
      this.#known !== undefined && this.#known.until > now.getTime() ? this.#known.count : LEAST_PLACES;
    const left = this.#left;
    this.#left = undefined;
    return left !== undefined && left < count ? left : Math.floor(Math.random() * count);
  }

  /** Whether the place was free and is the holder's now. */
  async #hold(no: number, { holder, now, until }: Stay): Promise<boolean> {
    const item = { ...placeKey(this.#streams, no), holder, [TABLE.ttl]: Math.ceil(until.getTime() / 1000) };
    const { done } = await putItem(this.#table, item, freeAt(now));
    return done;
  }

  /** The numbers of the free places; none while as many streams are open as there are places. */
  async #free(now: Date): Promise<number[]> {
    const items = await queryItems(this.#table, {
      KeyConditionExpression: 'pk = :pk',
      ExpressionAttributeValues: { ':pk': placesPartition(this.#streams) },
    });
    const { sk } = placeCountKey(this.#streams);
    const count = countIn(items.find((item) => item.sk === sk)) ?? LEAST_PLACES;
    this.#known = { count, until: now.getTime() + KNOWN_MS };
    const held = items.filter((item) => Number(item[TABLE.ttl]) * 1000 > now.getTime()).map(placeNumber);
    if (held.length >= count) return [];
    const taken = new Set(held);
    return Array.from({ length: count }, (_, no) => no).filter((no) => !taken.has(no));
  }
}

const countIn = (item: Item | undefined): number | undefined =>
  item?.count === undefined ? undefined : Number(item.count);

/** In random order, so that those who come at once do not all try the same one. */
const shuffled = (numbers: readonly number[]): number[] =>
  numbers
    .map((number) => ({ number, order: Math.random() }))
    .toSorted((one, other) => one.order - other.order)
    .map(({ number }) => number);
