import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A folder that is a disk of its own, in memory. @throws Error where this user may not mount one. */
export const mountDisk = (folder: string, options: string): void =>
  void execFileSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', folder], { stdio: 'pipe' });

export const unmountDisk = (folder: string): void => void execFileSync('umount', [folder], { stdio: 'pipe' });

function mayMount(): boolean {
  const folder = mkdtempSync(join(tmpdir(), 'runplane-disk-'));
  try {
    mountDisk(folder, 'size=1m');
    unmountDisk(folder);
    return true;
  } catch {
    process.stdout.write('skipped: what needs a disk of its own, because this user may not mount a tmpfs\n');
    return false;
  } finally {
    rmdirSync(folder);
  }
}

/** Whether tests may have disks of their own. */
export const canMount = mayMount();
