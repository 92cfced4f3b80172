import { parseArgs } from 'node:util';

/** What of the arguments of `cdk deploy` says where it deploys, and what. */
export interface DeployArguments {
  /** It is asked what there is to say, and nothing is deployed. */
  isQuestion: boolean;
  profile: string | undefined;
  /** Of `-c name=value`, the last of a name counts. */
  context: Record<string, string>;
}

/** The others are the CDK's own business, and so is whatever is wrong with any. */
export function deployArguments(words: readonly string[]): DeployArguments {
  const { values } = parseArgs({
    args: [...words],
    strict: false,
    options: {
      help: { type: 'boolean', short: 'h' },
      version: { type: 'boolean' },
      profile: { type: 'string' },
      context: { type: 'string', short: 'c', multiple: true },
    },
  });
  const given = Array.isArray(values.context) ? values.context : [];
  return {
    isQuestion: values.help === true || values.version === true,
    profile: typeof values.profile === 'string' && values.profile !== '' ? values.profile : undefined,
    context: Object.fromEntries(
      given.flatMap((pair) => {
        const [, name, value] = /^([^=]+)=(.*)$/s.exec(String(pair)) ?? [];
        return name === undefined || value === undefined ? [] : [[name, value] as const];
      }),
    ),
  };
}
