/**
 * The places of a longest strictly rising choice of these numbers, in order. O(n log n).
 * https://en.wikipedia.org/wiki/Patience_sorting
 */
export function longestRise(numbers: readonly number[]): number[] {
  const tops: number[] = [];
  const before = new Int32Array(numbers.length).fill(-1);
  numbers.forEach((number, place) => {
    let [low, high] = [0, tops.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((numbers[tops[middle] ?? 0] ?? 0) < number) low = middle + 1;
      else high = middle;
    }
    before[place] = low === 0 ? -1 : (tops[low - 1] ?? -1);
    tops[low] = place;
  });
  const rise: number[] = [];
  for (let place = tops.at(-1) ?? -1; place >= 0; place = before[place] ?? -1) rise.push(place);
  return rise.reverse();
}
