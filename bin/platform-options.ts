import type { TokenIssuer } from '../lib/constructs/token-issuer.ts';
import type { PlatformStageProps } from '../lib/stacks/platform-stage.ts';

/** What `cdk -c <name>=<value>` may say: `docs/deploy.md` has a line for each. */
export const OPTIONS = [
  'stage',
  'corsOrigins',
  'tracing',
  'alarmEmail',
  'wafRate',
  'tokenIssuer',
  'tokenAudience',
  'tokenJwksUri',
  'tokenOrganizationClaim',
  'cognito',
] as const;
type Option = (typeof OPTIONS)[number];

/** One sentence that says which option is wrong, and what would be right. */
export class WrongOption extends Error {
  override readonly name = 'WrongOption';
}

export type StageOptions = Omit<PlatformStageProps, 'stageName' | 'operations'>;
export interface PlatformOptions {
  readonly stages: readonly string[];
  readonly each: StageOptions;
}

/** The first segment of the API's paths, and part of the stacks' names. */
const STAGE = /^[a-z][a-z0-9-]{0,19}$/;

/** What AWS WAF takes: https://docs.aws.amazon.com/waf/latest/APIReference/API_RateBasedStatement.html */
const LEAST_RATE = 10;
const MOST_RATE = 2_000_000_000;

/** Of the CDK's own names, `@aws-cdk/…`, `aws:cdk:…` or `availability-zones:…`, none is a plain word. */
const isPlainWord = (name: string): boolean => /^[A-Za-z]+$/.test(name);

/** @throws WrongOption. */
export function platformOptions(context: Record<string, unknown>): PlatformOptions {
  const unknown = Object.keys(context).find(
    (name) => isPlainWord(name) && !OPTIONS.some((option) => option === name),
  );
  if (unknown !== undefined)
    throw new WrongOption(`There is no option ${unknown}; there are ${OPTIONS.join(', ')}.`);

  const listOf = (name: Option): string[] =>
    String(context[name] ?? '')
      .split(',')
      .map((part) => part.trim())
      .filter((part) => part !== '');
  const one = (name: Option): string | undefined => {
    const [value, ...others] = listOf(name);
    if (others.length > 0) throw new WrongOption(`${name} takes one value, not ${others.length + 1}.`);
    return value;
  };
  const isOn = (name: Option): boolean => {
    const value = one(name) ?? 'false';
    if (value !== 'true' && value !== 'false')
      throw new WrongOption(`${name} is true or false, not '${value}'.`);
    return value === 'true';
  };

  const cognito = isOn('cognito');
  return {
    stages: stagesOf(listOf('stage')),
    each: {
      corsOrigins: listOf('corsOrigins').map(asOrigin),
      tracing: isOn('tracing'),
      alarmEmail: asEmail(one('alarmEmail')),
      wafRate: asRate(one('wafRate')),
      tokens: issuerOf(one, cognito),
      cognito,
    },
  };
}

function stagesOf(names: readonly string[]): readonly string[] {
  for (const name of names) {
    if (!STAGE.test(name)) {
      throw new WrongOption(
        `stage is up to 20 lower-case letters, digits and hyphens that begin with a letter, not '${name}'.`,
      );
    }
  }
  if (new Set(names).size < names.length) throw new WrongOption('stage names one stage twice.');
  return names.length === 0 ? ['dev'] : names;
}

function asOrigin(text: string): string {
  if (text === '*') return text;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.origin === text && /^https?:$/.test(url.protocol)) return text;
  throw new WrongOption(
    `corsOrigins are origins such as https://app.example.com, without a path or a slash at the end, or *; not '${text}'.`,
  );
}

function asRate(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const rate = Number(text);
  if (Number.isInteger(rate) && rate >= LEAST_RATE && rate <= MOST_RATE) return rate;
  throw new WrongOption(
    `wafRate is how many requests an address may make in five minutes, from ${LEAST_RATE} to ${MOST_RATE}; not '${text}'.`,
  );
}

function asEmail(text: string | undefined): string | undefined {
  if (text === undefined || /^[^\s@]+@[^\s@]+$/.test(text)) return text;
  throw new WrongOption(`alarmEmail is an address such as ops@example.com, not '${text}'.`);
}

function issuerOf(one: (name: Option) => string | undefined, cognito: boolean): TokenIssuer | undefined {
  const issuer = asHttps('tokenIssuer', one('tokenIssuer'));
  const audience = one('tokenAudience');
  const jwksUri = asHttps('tokenJwksUri', one('tokenJwksUri'));
  const organizationClaim = one('tokenOrganizationClaim');
  if (issuer === undefined) {
    const [idle] = Object.entries({
      tokenAudience: audience,
      tokenJwksUri: jwksUri,
      tokenOrganizationClaim: organizationClaim,
    }).flatMap(([name, value]) => (value === undefined ? [] : [name]));
    if (idle === undefined) return undefined;
    throw new WrongOption(`${idle} goes with tokenIssuer, which says whose tokens are good.`);
  }
  if (cognito)
    throw new WrongOption('cognito=true brings an identity provider of its own: leave out tokenIssuer.');
  if (audience === undefined)
    throw new WrongOption('tokenIssuer goes with tokenAudience, which says what `aud` of its tokens is.');
  return { issuer, audience, jwksUri, organizationClaim };
}

function asHttps(name: Option, text: string | undefined): string | undefined {
  if (text === undefined || (URL.canParse(text) && new URL(text).protocol === 'https:')) return text;
  throw new WrongOption(`${name} is an address that begins with https://, not '${text}'.`);
}
