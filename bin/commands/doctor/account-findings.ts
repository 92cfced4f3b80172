import { iamRegion, type Taken } from '../../../lib/adapters/aws/signed-questions.ts';
import { streamPlaces } from '../../../lib/apis/streams/stream-places-keeper.ts';
import { counted, listed } from '../print.ts';
import {
  A_STAGE_TAKES,
  type AccountFacts,
  CONCURRENT_EXECUTIONS,
  MOST_REST_APIS,
  type NeededQuota,
  ROLES,
  STAGE_BURST,
  STAGE_RATE,
} from './account-facts.ts';
import { type Finding, ok, problem, unless, warn } from './finding.ts';

/**
 * What an account grants, held against what a stage needs. A problem for stages that are about to be added is
 * only a warning where none is: what is there goes on.
 */
export function aboutAccount(facts: AccountFacts, newStages = 0): Finding[] {
  const { concurrency, roles, restApis, region } = facts;
  return [
    ...unless(concurrency, (value) => [aboutConcurrency(value, region)], 'warn'),
    ...aboutQuotas(facts),
    ...unless(roles, (taken) => [aboutRoles(taken, region, newStages)], 'warn'),
    ...unless(restApis, (used) => [aboutRestApis(used, region, newStages)], 'warn'),
  ];
}

/** What accounts begin with: five streams, and five for everything else. */
const NEW_ACCOUNT = 10;
/** Half of it lets 50 calls be answered at once: as many as the stage lets through when each takes 250 ms. */
const ENOUGH_EXECUTIONS = 100;
/** What AWS gives to those who ask. */
const USUAL_EXECUTIONS = 1000;

function aboutConcurrency(
  { limit, unreserved }: { limit: number; unreserved: number },
  region: string,
): Finding {
  const places = streamPlaces(unreserved);
  const left = Math.max(0, unreserved - places);
  const sentence = `${counted(unreserved, 'function')} may run at once in ${region}: ${counted(places, 'event stream')} may be open, and ${left} are left for calls and for steps.`;
  if (unreserved >= ENOUGH_EXECUTIONS) return ok(sentence);
  const reserved = limit - unreserved;
  const ask = `Ask AWS for more: ${requestOf(CONCURRENT_EXECUTIONS, USUAL_EXECUTIONS, region)}.`;
  const remedy =
    reserved > 0 ? `Functions of the account have reserved ${reserved} more: give some back. ${ask}` : ask;
  const worse = `${sentence} Whoever comes beyond that is refused`;
  return unreserved <= NEW_ACCOUNT
    ? problem(`${worse}.`, remedy)
    : warn(`${worse}, at the latest at ${STAGE_RATE} calls a second.`, remedy);
}

/** One fault that keeps several quotas from being seen is one warning, which names them. */
function aboutQuotas({ quotas, region }: AccountFacts): Finding[] {
  const unseen = new Map<string, string[]>();
  const found: Finding[] = [];
  for (const { quota, seen } of quotas) {
    if ('fault' in seen) unseen.set(seen.fault, [...(unseen.get(seen.fault) ?? []), quota.of]);
    else found.push(aboutQuota(quota, seen.value, region));
  }
  const faults = [...unseen].map(([fault, names]) =>
    warn(
      fault,
      `Not seen is how many there may be of ${listed(names)}: look under Service Quotas in the AWS console.`,
    ),
  );
  return [...found, ...faults];
}

function aboutQuota(quota: NeededQuota, value: number, region: string): Finding {
  const sentence = `AWS allows ${value.toLocaleString('en')} ${quota.of}`;
  return value >= quota.needs
    ? ok(`${sentence}.`)
    : warn(
        `${sentence}; the platform takes up to ${STAGE_RATE} calls a second and ${STAGE_BURST} at once, and needs ${quota.needs.toLocaleString('en')} for them.`,
        quota.comesWith === undefined
          ? `Ask AWS for more: ${requestOf(quota, quota.needs, region)}.`
          : `AWS raises it with another: ${requestOf(quota.comesWith, quota.comesWith.value, region)}.`,
      );
}

const requestOf = ({ service, code }: { service: string; code: string }, value: number, region: string) =>
  `aws service-quotas request-service-quota-increase --service-code ${service} --quota-code ${code} --desired-value ${value} --region ${region}`;

function aboutRoles({ used, limit }: Taken, region: string, newStages: number): Finding {
  const needs = A_STAGE_TAKES.roles * Math.max(1, newStages);
  const sentence = `The account has ${used.toLocaleString('en')} of ${limit.toLocaleString('en')} roles`;
  if (used + needs <= limit) return ok(`${sentence}; a stage takes up to ${A_STAGE_TAKES.roles}.`);
  const raised = Math.ceil((used + needs) / 1000) * 1000;
  return noRoom(
    newStages,
    sentence,
    `up to ${needs}`,
    `Remove roles or stages that nobody needs, or ask AWS for more: ${requestOf(ROLES, raised, iamRegion(region))}.`,
  );
}

function aboutRestApis(used: number, region: string, newStages: number): Finding {
  const needs = A_STAGE_TAKES.restApis * Math.max(1, newStages);
  const sentence = `The account has ${used} of ${MOST_REST_APIS} REST APIs in ${region}`;
  if (used + needs <= MOST_REST_APIS) return ok(`${sentence}; a stage takes ${A_STAGE_TAKES.restApis}.`);
  return noRoom(
    newStages,
    sentence,
    String(needs),
    'AWS gives nobody more: remove APIs or stages that nobody needs, or deploy to another region or account.',
  );
}

function noRoom(newStages: number, sentence: string, needs: string, remedy: string): Finding {
  if (newStages === 0)
    return warn(`${sentence}, so another stage, which takes ${needs}, does not fit.`, remedy);
  const stages =
    newStages === 1
      ? `a new stage, which takes ${needs}, does`
      : `${newStages} new stages, which take ${needs}, do`;
  return { ...problem(`${sentence}, so ${stages} not fit.`, remedy), isFatal: true };
}
