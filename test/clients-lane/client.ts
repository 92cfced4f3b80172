import type { TestPlatform } from '../support/platform.ts';

/** What a check may use. */
export interface Trial {
  /** Where it may write: empty at the beginning, and kept until the next time. */
  folder: string;
  /** Where the client's packages were installed. */
  installed: string;
  /** The file of the description. */
  description: string;
  platform: TestPlatform;
}

/** One thing that must hold of a client, said in a few words. It throws when it does not. */
export interface Check {
  says: string;
  /** @throws Unavailable when it cannot be tried here; any other error when it does not hold. */
  act(trial: Trial): Promise<void>;
}

/** What a check needs is not there: a program, or packages that are neither kept here nor to be had. */
export class Unavailable extends Error {}

/** A client of the platform that is not ours: one of these in a file of its own, named in `clients.ts`. */
export interface Client {
  name: string;
  /** Installs what it needs into the folder. Answers why that is not possible here, else undefined. */
  prepare(installed: string): Promise<string | undefined>;
  /** In this order; after one that fails or cannot be tried the rest is not tried. */
  checks: readonly Check[];
}
