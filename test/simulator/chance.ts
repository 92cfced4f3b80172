import crypto from 'node:crypto';
import { syncBuiltinESMExports } from 'node:module';
import { type Dice, diceOf } from '../support/nasty.ts';

/**
 * Puts dice in the place of everything that the process would call by chance: `Math.random` and the random
 * values of `node:crypto`. The dice change with each schedule, so that equal seeds make equal names.
 */
export class Chance {
  #dice: Dice = diceOf(0);
  #restore: (() => void) | undefined;

  reset(seed: number): void {
    this.#dice = diceOf(seed);
  }

  install(): void {
    const real = { random: Math.random, uuid: crypto.randomUUID, bytes: crypto.randomBytes };
    const bytes = (size: number): Buffer => Buffer.from(this.bytes(size));
    const uuid = (): string => {
      const hex = bytes(16).toString('hex');
      return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20)}`;
    };
    Math.random = () => this.#dice.below(2 ** 32) / 2 ** 32;
    Object.assign(crypto, { randomUUID: uuid, randomBytes: bytes });
    syncBuiltinESMExports();
    this.#restore = () => {
      Math.random = real.random;
      Object.assign(crypto, { randomUUID: real.uuid, randomBytes: real.bytes });
      syncBuiltinESMExports();
    };
  }

  uninstall(): void {
    this.#restore?.();
    this.#restore = undefined;
  }

  bytes = (size: number): Uint8Array => Uint8Array.from({ length: size }, () => this.#dice.below(256));
}
