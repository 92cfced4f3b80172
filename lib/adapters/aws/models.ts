import type { Models } from '../../apis/platform.ts';
import { isFresh, type ReadAt, readAt } from '../../apis/records/read-at.ts';
import { isPublicHttps, publicFetch } from '../../outbound/index.ts';

/**
 * How long a secret is used without being read again, in milliseconds: a new one is in use within a minute,
 * and Parameter Store, which grants 40 reads a second to an account, is asked once a minute by each function.
 */
const CACHE_MS = 60_000;

/** Reads a parameter of Parameter Store, decrypted. The client is loaded with the first secret. */
async function readParameter(name: string): Promise<string> {
  const { SSMClient, GetParameterCommand } = await import('@aws-sdk/client-ssm');
  client ??= new SSMClient({
    maxAttempts: 3,
    requestHandler: { connectionTimeout: 1000, requestTimeout: 2000, throwOnRequestTimeout: true },
  });
  const { Parameter } = await client.send(new GetParameterCommand({ Name: name, WithDecryption: true }));
  if (Parameter?.Value === undefined) throw new Error(`The parameter ${name} has no value`);
  return Parameter.Value;
}
let client: InstanceType<typeof import('@aws-sdk/client-ssm').SSMClient> | undefined;

/**
 * Models as functions on AWS call them. A workspace's secrets are the parameters below
 * `<prefix>/<workspace id>/`: references are written by its owners and lead nowhere else. Model servers are
 * reached over public HTTPS only, because the runtime's own API listens inside of the function.
 */
export function awsModels(prefix: string, read: (name: string) => Promise<string> = readParameter): Models {
  const known = new Map<string, { value: Promise<string>; read: ReadAt }>();
  const resolve = (name: string): Promise<string> => {
    const cached = known.get(name);
    const now = new Date();
    if (cached !== undefined && isFresh(cached.read, now, CACHE_MS)) return cached.value;
    const value = read(name);
    known.set(name, { value, read: readAt(now) });
    value.catch(() => known.delete(name)); // a secret that was just put is found at the next try
    return value;
  };
  return (workspaceId) => ({
    resolveSecret: (ref) => resolve(`${prefix}/${workspaceId}/${ref}`),
    mayCall: isPublicHttps,
    fetchProvider: publicFetch,
  });
}
