import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { STACK_PARTS, stackName } from '../../bin/commands/deployment.ts';
import type { Account } from '../../lib/adapters/aws/account.ts';
import { anAccount, aStack, awsError, typing } from './terminal.ts';

const dev = [
  aStack('runplane-dev-storage', { outputs: { TableName: 'dev-table' } }),
  aStack('runplane-dev-runs', { outputs: { ApiUrl: 'https://x.example/dev/' } }),
];
const CREATE = ['workspace', 'create', '--name', 'Acme', '--email', 'ops@acme.example', '--stage'];
const typingIn = (stacks: Parameters<typeof anAccount>[0], more: Partial<Account> = {}) =>
  typing({ openAccount: () => anAccount(stacks, more) });

describe('a stage', () => {
  it.each([
    [
      'with others beside it',
      [...dev, aStack('runplane-prod-runs'), aStack('vpc')],
      {},
      ': there are dev and prod.',
    ],
    ['with one other beside it', dev, {}, ': there is dev.'],
    [
      'with stacks within those of another',
      [...dev, aStack('runplane-dev-runs-ThreadRunsFunctions-1A2B3C4D5E6F7')],
      {},
      ': there is dev.',
    ],
    [
      'in a region without any',
      [aStack('vpc')],
      {},
      ', nor any other: is the region right (--region), or is nothing deployed there yet?',
    ],
    [
      'in an account that does not tell',
      [],
      { stacks: () => Promise.reject(awsError('AccessDenied')) },
      ': is the region right (--region)?',
    ],
  ])('that is not there, %s', async (_what, stacks, more, said) => {
    const typed = await typingIn(stacks, more)(...CREATE, 'dve');

    expect(typed).toEqual({ code: 1, out: '', err: `There is no stage 'dve' in eu-west-1${said}\n` });
  });

  it('that is not deployed whole', async () => {
    const stacks = [aStack('runplane-dev-storage', { status: 'CREATE_IN_PROGRESS' })];

    expect(await typingIn(stacks)(...CREATE, 'dev')).toEqual({
      code: 1,
      out: '',
      err: 'The stack runplane-dev-storage is CREATE_IN_PROGRESS and has no outputs yet: wait for its deployment, or repeat it with npm run deploy.\n',
    });
  });

  it('is looked for where the options say, and the account is closed again', async () => {
    const looked: unknown[] = [];
    const type = typing({
      openAccount: (choice) => {
        looked.push(choice);
        return anAccount([], { close: () => looked.push('closed') });
      },
    });

    await type(...CREATE, 'dev', '--profile', 'ops', '--region', 'us-east-1');

    expect(looked).toEqual([{ profile: 'ops', region: 'us-east-1' }, 'closed']);
  });

  it('has the table that a workspace is written to', async () => {
    const tables: string[] = [];
    const stores: Account['stores'] = (table) => {
      tables.push(table);
      throw awsError('ResourceNotFoundException');
    };

    await typingIn(dev, { stores })(...CREATE, 'dev');

    expect(tables).toEqual(['dev-table']);
  });

  it('has its stacks under the names that they are deployed with', async () => {
    const source = await readFile('lib/stacks/platform-stage.ts', 'utf8');

    const parts = [...source.matchAll(/`runplane-\$\{stageName\}-(\w+)`/g)].map(([, part]) => part);

    expect(parts.toSorted()).toEqual(STACK_PARTS.toSorted());
    expect(stackName('dev', 'runs')).toBe('runplane-dev-runs');
  });
});
