import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { OPTIONS } from '../../bin/commands/command.ts';
import { COMMANDS } from '../../bin/commands/index.ts';

/** Examples as they are typed, without what the shell makes of their answers. */
const examplesIn = (text: string): string[] =>
  [...text.replaceAll('\\\n', ' ').matchAll(/npx runplane ([^`|)\n]+)/g)].map(([, line = '']) => line.trim());

const words = (line: string): string[] => line.match(/"[^"]*"|'[^']*'|[^\s;]+/g) ?? [];

/** What is wrong with an example; undefined when it would be understood. */
function mistakeIn(line: string): string | undefined {
  const [first = '', second = '', ...rest] = words(line);
  const command = COMMANDS.get(first) ?? COMMANDS.get(`${first} ${second}`);
  if (command === undefined)
    return /^(help|--version|rus list)/.test(line) ? undefined : `no command: ${line}`;
  const options = Object.keys({ ...OPTIONS, ...command.options });
  const unknown = [second, ...rest].find((word) => word.startsWith('--') && !options.includes(word.slice(2)));
  return unknown === undefined ? undefined : `no option ${unknown}: ${line}`;
}

describe('docs/command-line.md', async () => {
  const text = await readFile('docs/command-line.md', 'utf8');

  it('lists every command as it is typed', () => {
    const [, listed = ''] = /## Commands\n\n```\n([^`]+)```/.exec(text) ?? [];

    expect(listed.trimEnd().split('\n')).toEqual(
      [...COMMANDS.values()].map(({ usage }) => `runplane ${usage}`),
    );
  });

  it.each([...COMMANDS.keys()])('shows runplane %s in use', (name) => {
    expect(text).toContain(`\n$ npx runplane ${name}`);
  });

  it.each(Object.keys(OPTIONS))('speaks of --%s', (option) => {
    expect(text).toContain(`--${option}`);
  });
});

describe('examples of the command line', async () => {
  const documents = [
    'README.md',
    ...(await readdir('docs')).filter((name) => name.endsWith('.md')).map((name) => join('docs', name)),
  ];

  it.each(documents)('are understood: %s', async (file) => {
    const examples = examplesIn(await readFile(file, 'utf8'));

    expect(examples.map(mistakeIn).filter((mistake) => mistake !== undefined)).toEqual([]);
  });
});
