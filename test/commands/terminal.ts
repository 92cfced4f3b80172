import type { Terminal } from '../../bin/commands/command.ts';
import { runLine } from '../../bin/commands/line.ts';
import type { Account, Stack } from '../../lib/adapters/aws/account.ts';

export interface Typed {
  code: number;
  out: string;
  err: string;
}

/** A terminal in which nothing is set, on a machine where nothing runs, of somebody without an AWS account. */
export const bareTerminal: Omit<Terminal, 'write' | 'complain'> = {
  environment: { RUNPLANE_DATA: '/nowhere/at/all' },
  isInteractive: false,
  interruption: () => new AbortController().signal,
  openAccount: () => {
    throw new Error('Nobody was expected to look into an AWS account');
  },
};

/** Types commands, words apart, and reads what they write. */
export const typing =
  (terminal: Partial<Terminal> = {}) =>
  async (...words: string[]): Promise<Typed> => {
    let [out, err] = ['', ''];
    const code = await runLine(words, {
      ...bareTerminal,
      write: (text) => {
        out += text;
      },
      complain: (text) => {
        err += text;
      },
      ...terminal,
    });
    return { code, out, err };
  };

const ARN = 'arn:aws:cloudformation:eu-west-1:123456789012:stack';

export const aStack = (
  name: string,
  { status = 'UPDATE_COMPLETE', outputs = {} }: Partial<Stack> = {},
): Stack => ({
  name,
  status,
  arn: `${ARN}/${name}/1`,
  outputs,
});

/** An account with these stacks, where nothing is scarce. */
export function anAccount(stacks: readonly Stack[], more: Partial<Account> = {}): Account {
  return {
    region: async () => 'eu-west-1',
    caller: async () => ({ account: '123456789012', arn: 'arn:aws:iam::123456789012:user/ops' }),
    roles: async () => ({ used: 100, limit: 1000 }),
    restApis: async () => 1,
    stack: async (name) => stacks.find((stack) => stack.name === name),
    stacks: async () => [...stacks],
    concurrency: async () => ({ limit: 1000, unreserved: 1000 }),
    quota: async () => 40_000,
    overdueRuns: async () => 0,
    stores: () => {
      throw new Error('Nobody was expected to look into the table');
    },
    close: () => undefined,
    ...more,
  };
}

/** An error of the AWS SDK, which is known by its name. */
export const awsError = (name: string, message = name): Error => Object.assign(new Error(message), { name });
