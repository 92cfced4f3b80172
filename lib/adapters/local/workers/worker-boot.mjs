// JavaScript, because in a worker thread of Node 20 `--import tsx` does not take effect: tsx has to be
// registered from inside before the first TypeScript module is loaded.
import { register } from 'tsx/esm/api';

register();
await import('./worker-entry.ts');
