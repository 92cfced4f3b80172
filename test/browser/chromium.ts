import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** What browsers of this family are called where they are installed. */
const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const ELSEWHERE = ['/Applications/Google Chrome.app/Contents/MacOS/Google Chrome'];

/** Where Chromium is: `CHROMIUM_PATH`, or on the search path; undefined when it is not installed. */
export function findChromium(): string | undefined {
  const folders = (process.env.PATH ?? '').split(delimiter);
  const places = folders.flatMap((folder) => NAMES.map((name) => join(folder, name)));
  return process.env.CHROMIUM_PATH ?? [...places, ...ELSEWHERE].find((place) => existsSync(place));
}
