/**
 * As long as a name or an ARN of ours gets, roughly: what a template leaves open is counted as this many characters,
 * so that a size is rather counted too large.
 */
const OPEN_CHARACTERS = 200;

/** The longest that they are in any region. */
const PSEUDO: Record<string, string> = {
  'AWS::Partition': 'aws-us-gov',
  'AWS::Region': 'ap-southeast-1',
  'AWS::AccountId': '123456789012',
  'AWS::URLSuffix': 'amazonaws.com.cn',
};

/**
 * A value of a template as CloudFormation hands it on: its functions become text, in which what is known only when
 * it is deployed stands in angle brackets, the same for the same.
 */
export function written(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(written);
  if (typeof value !== 'object' || value === null) return value;
  const [[name = '', given] = [], ...others] = Object.entries(value);
  if (others.length === 0 && (name === 'Ref' || name.startsWith('Fn::'))) return meaning(name, given);
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, written(one)]));
}

/** The same as one line of text. */
export const text = (value: unknown): string => {
  const plain = written(value);
  return typeof plain === 'string' ? plain : JSON.stringify(plain);
};

export const bytes = (value: unknown): number => Buffer.byteLength(text(value));

function meaning(name: string, given: unknown): string {
  if (name === 'Fn::Join') {
    const [separator, parts] = given as [string, unknown[]];
    return parts.map(text).join(separator);
  }
  if (name === 'Ref' && typeof given === 'string' && PSEUDO[given] !== undefined) return PSEUDO[given];
  const open = name === 'Ref' ? String(given) : `${name} ${JSON.stringify(given)}`;
  return `<${open.replaceAll('"', "'")}>`.padEnd(OPEN_CHARACTERS, '.');
}
