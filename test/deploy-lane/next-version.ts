import { createHash } from 'node:crypto';
import { appendFile, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Assembly } from './cdk.ts';

interface Template {
  Resources: Record<string, { Type: string; Properties?: object; DependsOn?: string[] }>;
}

/**
 * Makes another version of an assembly in place: every function has other code, and every state machine another
 * definition, of which each does the same.
 */
export async function becomeAnotherVersion({ folder }: Assembly, version: string): Promise<void> {
  const files = await readdir(folder, { withFileTypes: true });
  const code = files.filter((file) => file.isDirectory() && file.name.startsWith('asset.'));
  for (const { name } of code)
    if ((await readdir(join(folder, name))).includes('index.mjs'))
      await appendFile(join(folder, name, 'index.mjs'), `\n// Version: ${version}\n`);
  const texts = new Map<string, string>();
  for (const file of files.filter(({ name }) => name.endsWith('.json')))
    texts.set(file.name, await readFile(join(folder, file.name), 'utf8'));
  const assets = [...texts].filter(([name]) => name.endsWith('.assets.json'));
  const hashes = assets.flatMap(([, text]) =>
    Object.keys((JSON.parse(text) as { files: Record<string, unknown> }).files),
  );
  // Assets are named by what is in them: under its old name a changed one would not be uploaded.
  const renamed = new Map(
    hashes.map((hash) => [hash, createHash('sha256').update(`${hash} ${version}`).digest('hex')]),
  );
  for (const [name, text] of texts) {
    const names = text.replace(/\b[0-9a-f]{64}\b/g, (hash) => renamed.get(hash) ?? hash);
    const machines = names.replace(/("\{\\n {2}\\"Comment\\": \\")/g, `$1Version ${version}. `);
    await writeFile(join(folder, name), machines);
  }
  for (const { name } of code) {
    const hash = renamed.get(name.replace('asset.', ''));
    if (hash !== undefined) await rename(join(folder, name), join(folder, `asset.${hash}`));
  }
}

/** Makes it a version that cannot be deployed: CloudFormation finds out when it has changed all the rest. */
export async function becomeFaulty(assembly: Assembly): Promise<void> {
  const { folder, stage } = assembly;
  const file = join(folder, `runplane-${stage}-runs.template.json`);
  const template = JSON.parse(await readFile(file, 'utf8')) as Template;
  const others = Object.keys(template.Resources);
  template.Resources.OfNobody = {
    Type: 'AWS::Lambda::Url',
    Properties: { AuthType: 'AWS_IAM', TargetFunctionArn: `runplane-${stage}-of-nobody` },
    DependsOn: others,
  };
  await writeFile(file, JSON.stringify(template, null, 1));
  await becomeAnotherVersion(assembly, 'faulty');
}
