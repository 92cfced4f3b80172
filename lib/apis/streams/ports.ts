/** A place among the streams that may be open at once. */
export interface StreamPlace {
  /** From 0. */
  no: number;
  holder: string;
}

/** Places for streams, each of which holds a function while it is open. There are `LEAST_PLACES` at least. */
export interface StreamPlaces {
  /**
   * A place that is free at `now`, held until it is given back or, by one who died, until `until`; undefined
   * when there is none. `holder` is a name that nothing else has.
   */
  take(stay: { holder: string; now: Date; until: Date }): Promise<StreamPlace | undefined>;
  /** Nothing happens when the place is somebody else's by now, or nobody's. */
  giveBack(place: StreamPlace): Promise<void>;
  /** How many there are; undefined before anybody has said so. */
  count(): Promise<number | undefined>;
  /** When they become fewer, streams in the places that go stay open until they end. */
  setCount(count: number): Promise<void>;
}
