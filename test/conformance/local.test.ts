import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AslExecutor } from '../../lib/adapters/local/asl/asl-executor.ts';
import { DiskFileStore } from '../../lib/adapters/local/files/disk-file-store.ts';
import { serveFiles } from '../../lib/adapters/local/files/serve-files.ts';
import { aQueuedRun } from './builders.ts';
import { describeFileStore } from './file-store.ts';
import { describeRunExecutor, MACHINES } from './run-executor.ts';

describeFileStore(
  'disk',
  async () => {
    const folder = await mkdtemp(join(tmpdir(), 'runplane-files-'));
    const server = createServer((req, res) => void answer(req, res));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const files = new DiskFileStore({ folder, baseUrl: `http://127.0.0.1:${port}` });
    const answer = serveFiles(files);
    const close = async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await rm(folder, { recursive: true });
    };
    return { files, close };
  },
  { checksSignatures: true },
);

describeRunExecutor('local', async () => {
  const machines = Object.fromEntries(
    Object.entries(MACHINES).map(([name, definition]) => [name, { definition, tasks: {} }]),
  );
  const executor = new AslExecutor({
    machines,
    onStatusChange: () => undefined,
    logger: { error: (message) => process.stderr.write(`${message}\n`) },
    plan: ({ kind, workspaceId, id, parentId }) => ({
      machine: parentId,
      input: { kind, workspaceId, runId: id },
    }),
  });
  return {
    executor,
    aRunOn: (machine) => aQueuedRun({ kind: 'process', parentId: machine }),
    close: () => executor.close(),
  };
});
