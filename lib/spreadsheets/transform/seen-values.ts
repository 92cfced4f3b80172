const FIRST_CAPACITY = 1024;

/**
 * Which texts have been there: 64 bits of each, so that a million of them take 16 MB however long they are. Two
 * texts of a million are taken for one another once in thirty million tables.
 */
export class SeenValues {
  #high = new Uint32Array(FIRST_CAPACITY);
  #low = new Uint32Array(FIRST_CAPACITY);
  #count = 0;

  /** Takes note of a text; whether it was there before. */
  add(text: string): boolean {
    const [high, low] = hash(text);
    if (!this.#put(high, low)) return true;
    this.#count++;
    if (this.#count * 2 > this.#high.length) this.#grow();
    return false;
  }

  #put(high: number, low: number): boolean {
    const mask = this.#high.length - 1;
    for (let at = low & mask; ; at = (at + 1) & mask) {
      // Both halves are zero where nothing is.
      if (this.#high[at] === 0 && this.#low[at] === 0) {
        this.#high[at] = high;
        this.#low[at] = low;
        return true;
      }
      if (this.#high[at] === high && this.#low[at] === low) return false;
    }
  }

  #grow(): void {
    const high = this.#high;
    const low = this.#low;
    this.#high = new Uint32Array(high.length * 2);
    this.#low = new Uint32Array(high.length * 2);
    high.forEach((half, at) => {
      const other = low[at] ?? 0;
      if (half !== 0 || other !== 0) this.#put(half, other);
    });
  }
}

/** Two mixed halves of 32 bits that are never both zero. */
function hash(text: string): [high: number, low: number] {
  let a = 0xdeadbeef;
  let b = 0x41c6ce57;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    a = Math.imul(a ^ code, 2_654_435_761);
    b = Math.imul(b ^ code, 1_597_334_677);
  }
  a = Math.imul(a ^ (a >>> 16), 2_246_822_507) ^ Math.imul(b ^ (b >>> 13), 3_266_489_909);
  b = Math.imul(b ^ (b >>> 16), 2_246_822_507) ^ Math.imul(a ^ (a >>> 13), 3_266_489_909);
  return [a >>> 0 || 1, b >>> 0];
}
