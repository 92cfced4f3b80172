import { describe, expect, it } from 'vitest';
import { OPTIONS } from '../../bin/commands/command.ts';
import { COMMANDS } from '../../bin/commands/index.ts';
import { VERSION } from '../../lib/apis/operation/version.ts';
import { freeAddress, startFakePlatform } from './fake-platform.ts';
import { typing } from './terminal.ts';

const type = typing();
const usages = [...COMMANDS.values()].map(({ usage }) => `  runplane ${usage}`);

describe('runplane', () => {
  it.each([[[]], [['help']], [['--help']], [['-h']]])('shows every command when asked %j', async (words) => {
    const { code, out, err } = await type(...words);

    expect([code, err]).toEqual([0, '']);
    expect(out.split('\n').filter((line) => line.startsWith('  runplane '))).toEqual(usages);
  });

  it.each([['--version'], ['version']])('says its version when asked %s', async (word) => {
    expect(await type(word)).toEqual({ code: 0, out: `${VERSION}\n`, err: '' });
  });

  it.each([
    ['runs tial', "There is no command 'runs tial': is it runplane runs tail?"],
    ['rus list', "There is no command 'rus list': is it runplane runs list?"],
    ['docter', "There is no command 'docter': is it runplane doctor?"],
    ['runs', "There is no command 'runs': after runs comes list, get, tail or cancel."],
    ['provider remove', "There is no command 'provider remove': after provider comes set."],
    ['dance', "There is no command 'dance': runplane help shows those that there are."],
    ['constructor', "There is no command 'constructor': runplane help shows those that there are."],
    ['help dance', "There is no command 'dance': runplane help shows those that there are."],
    ['--json runs list', 'The command comes before its options: runplane help shows all.'],
    ['key list --jsn', "Unknown option '--jsn'. Is it --json? Usage: runplane key list"],
    ['key list --colour', "Unknown option '--colour'. Usage: runplane key list"],
    ['key list mine', "Unexpected argument 'mine'. Usage: runplane key list"],
    ['key create --name', /^Option '--name <value>' argument missing\. Usage: runplane key create /],
    ['key create --name --role', /^Option '--name' argument is ambiguous\. Usage: runplane key create /],
    ['member remove a b', "Unexpected argument 'b'. Usage: runplane member remove <member id>"],
    ['member remove', 'The member id is missing: it is typed behind the command.'],
    ['key create', '--name is missing.'],
    ['key create --name=', '--name is empty.'],
    ['key create --name x --role king', "--role must be owner, member or reader, not 'king'."],
    [
      'key create --name x --expires-in-days 4000',
      "--expires-in-days must be a number from 1 to 3650, not '4000'.",
    ],
    ['agent deploy --agent x --version one', "--version must be a number from 1, not 'one'."],
    ['agent deploy --agent x', '--version is missing.'],
    ['agent version --agent x --file no/such.json', 'There is no file no/such.json.'],
    ['agent version --agent x --file test', 'test is a folder, not a file.'],
    ['agent version --agent x --file README.md', /^README\.md is not JSON: .+\.$/],
    ['process register --name x --stage dev --machine y', "--stage must be Draft or Published, not 'dev'."],
    ['runs get nonsense', "'nonsense' is no id of a run: runplane runs list shows those that there are."],
    ['runs list --api workflow', "--api must be workspace, process, thread or agent, not 'workflow'."],
    ['config publish', /^Name a file or a configuration, and one of them only: runplane config publish /],
    ['config publish x --file y', /^Name a file or a configuration, and one of them only: /],
    [
      'workspace create --name x --email a@b.example',
      'Say where: --stage names a deployment, --table its table.',
    ],
    ['workspace create --name x --email me', "--email must be an e-mail address, not 'me'."],
  ])('does not understand %s, and says so in a line', async (line, said) => {
    const { code, out, err } = await type(...line.split(' '));

    expect([code, out]).toEqual([2, '']);
    if (said instanceof RegExp) expect(err.trimEnd()).toMatch(said);
    else expect(err).toBe(`${said}\n`);
    expect(err.trimEnd().split('\n')).toHaveLength(1);
  });

  it('takes a name that is too long for no workspace', async () => {
    const name = 'x'.repeat(101);

    const typed = await type('workspace', 'create', '--name', name, '--email', 'a@b.example');

    expect(typed).toEqual({ code: 2, out: '', err: '--name must have 1 to 100 characters, not 101.\n' });
  });

  it('tells of the verbs of a noun', async () => {
    const expected = usages.filter((usage) => usage.startsWith('  runplane key '));

    for (const words of [
      ['help', 'key'],
      ['key', '--help'],
    ])
      expect(await type(...words)).toEqual({ code: 0, out: `Commands:\n${expected.join('\n')}\n`, err: '' });
  });

  it('shows characters that a terminal would obey as something harmless, and gives programs the data', async () => {
    const name = 'red \u001b[31m alert';
    const agent = { id: 'a', name, versions: 0, deployedVersion: null };
    const platform = await startFakePlatform(() => ({ body: { items: [agent], nextCursor: null } }));
    try {
      const asked = ['agent', 'list', '--url', platform.url, '--key', 'a.b'];

      expect((await type(...asked)).out).toBe('a  none deployed  red �[31m alert\n');
      expect(JSON.parse((await type(...asked, '--json')).out)).toEqual([agent]);
    } finally {
      await platform.close();
    }
  });

  it('shows the stack of what it cannot explain only to those who ask for it', async () => {
    const url = await freeAddress();
    const broken = {
      openAccount: () => {
        throw new Error('Something of ours is broken');
      },
    };
    const words = ['agent', 'list', '--stage', 'dev', '--key', 'a.b'];

    const usual = await typing(broken)(...words);
    const debugging = await typing({ ...broken, environment: { DEBUG: '1' } })(...words);
    const mistaken = await typing({ environment: { DEBUG: '1' } })(
      'agent',
      'list',
      '--url',
      url,
      '--key',
      'a.b',
    );

    expect(usual).toEqual({ code: 1, out: '', err: 'Something of ours is broken\n' });
    expect(debugging.err).toMatch(/^Error: Something of ours is broken\n\s+at /);
    expect(mistaken.err.trimEnd().split('\n')).toHaveLength(1);
  });
});

describe.each([...COMMANDS])('runplane %s', (name, { usage, summary, options, argument }) => {
  it('is typed as its usage says', () => {
    const named = [...usage.matchAll(/--([a-z-]+)/g)].map(([, option = '']) => option);

    expect(usage === name || usage.startsWith(`${name} `)).toBe(true);
    expect(named.filter((option) => !(option in { ...OPTIONS, ...options }))).toEqual([]);
    expect(argument === undefined || usage.includes(`<${argument}>`)).toBe(true);
    expect(summary).not.toMatch(/\.$/);
  });

  it('has help, which names all of its options', async () => {
    const asked = await type('help', ...name.split(' '));
    const also = await type(...name.split(' '), '--help');

    expect(asked).toMatchObject({ code: 0, err: '' });
    expect(also).toEqual(asked);
    expect(asked.out).toContain(`runplane ${usage}\n\n${summary}.\n`);
    for (const option of Object.keys(options)) expect(asked.out).toContain(`--${option}`);
  });
});
