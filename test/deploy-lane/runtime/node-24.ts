import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';

/** What npm's package `node` installs on this system. */
const PACKAGE = `node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`;

/**
 * The Node that functions run on: 24, as on Lambda, where npm has one for this machine; else this one. `said` is the
 * line that tells which.
 */
export function nodeOfLambda(folder: string): { node: string; said: string } {
  if (process.versions.node.startsWith('24.'))
    return { node: process.execPath, said: 'Functions run on this Node 24.' };
  const node = resolve(
    folder,
    'node_modules',
    PACKAGE,
    'bin',
    process.platform === 'win32' ? 'node.exe' : 'node',
  );
  if (!existsSync(node)) {
    const args = ['install', '--prefix', folder, '--no-save', '--no-audit', '--no-fund', '--ignore-scripts'];
    spawnSync('npm', [...args, `${PACKAGE}@24`], { stdio: 'ignore' });
  }
  const { status, stdout } = spawnSync(node, ['--version'], { encoding: 'utf8' });
  return status === 0
    ? { node, said: `Functions run on Node ${stdout.trim()}.` }
    : {
        node: process.execPath,
        said: `Functions run on Node ${process.version}, not on Lambda's 24: npm has no ${PACKAGE}@24 to be reached.`,
      };
}
