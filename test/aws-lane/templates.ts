import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { programOf } from './python.ts';

/** Synthesizes the app and lets cfn-lint read every template. True when it finds no error in them. */
export function lintTemplates(): boolean {
  const folder = mkdtempSync(join(tmpdir(), 'runplane-synth-'));
  try {
    const synth = spawnSync('npx', ['cdk', 'synth', '--quiet', '--output', folder], { stdio: 'inherit' });
    if (synth.status !== 0) return false;
    const templates = readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.template.json'))
      .map((name) => join(folder, name));
    if (templates.length === 0) throw new Error('cdk synth wrote no template');
    // W3005: CDK writes a DependsOn beside the reference that already says so.
    const options = ['--regions', 'us-east-1', '--ignore-checks', 'W3005', '--non-zero-exit-code', 'error'];
    const lint = spawnSync(programOf('cfn-lint'), [...options, '--', ...templates], { stdio: 'inherit' });
    if (lint.status === 0) process.stdout.write(`cfn-lint: ${templates.length} templates without an error\n`);
    return lint.status === 0;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
