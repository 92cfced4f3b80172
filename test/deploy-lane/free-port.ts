import { once } from 'node:events';
import { createServer } from 'node:net';

/** A port of this machine that nobody has now. It is taken by whoever binds it first, so bind it at once. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('There is no free port.');
  return address.port;
}
