import { LOCAL_ACCOUNT, LOCAL_REGION } from './status-change-event.ts';

const localArn = (name: string): string => `arn:aws:lambda:${LOCAL_REGION}:${LOCAL_ACCOUNT}:function:${name}`;

/** A definition with its `${names}` replaced, as a deployment does; by a made-up ARN where nothing is given. */
export function asDeployed(source: object, substitutions: Record<string, string> = {}): unknown {
  const text = JSON.stringify(source).replace(/\$\{(\w+)\}/g, (_, name: string) =>
    JSON.stringify(substitutions[name] ?? localArn(name)).slice(1, -1),
  );
  return JSON.parse(text);
}
