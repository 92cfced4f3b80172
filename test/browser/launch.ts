import { type Browser, chromium } from 'playwright-core';
import { findChromium } from './chromium.ts';

/** A browser of its own that asks nobody for updates. As root, Chromium needs to be told to do without its sandbox. */
const ARGS = [
  ...['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run'],
  ...['--disable-background-networking', '--disable-component-update', '--disable-sync'],
];

/** @throws Error when Chromium is not installed. */
export async function launchChromium(): Promise<Browser> {
  const executablePath = findChromium();
  if (executablePath === undefined) throw new Error('Chromium is not installed');
  return chromium.launch({ executablePath, args: ARGS });
}
