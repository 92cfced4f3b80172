import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What tests and the libraries under them put into the folder for temporary files is gone once all have run. */
export default function scratch(): () => void {
  const folder = mkdtempSync(join(tmpdir(), 'runplane-tests-'));
  process.env.TMPDIR = folder;
  return () => rmSync(folder, { recursive: true, force: true });
}
