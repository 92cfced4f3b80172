import { corePlatform } from '../lib/adapters/aws/platform.ts';
import { fallback } from '../lib/adapters/http/fallback.ts';
import { operations } from '../lib/apis/index.ts';

/** What no operation answers: unknown paths, wrong methods, trailing slashes, CORS preflights. */
export const handler = fallback(operations, corePlatform);
