import type { Stack } from '../../../lib/adapters/aws/account.ts';
import { streamPlaces } from '../../../lib/apis/streams/stream-places-keeper.ts';
import { STACK_PARTS, type StackPart } from '../deployment.ts';
import { counted } from '../print.ts';
import {
  CONCURRENT_EXECUTIONS,
  COUNTED_RUNS,
  type DeploymentFacts,
  type Facts,
  type MachineFacts,
  type NeededQuota,
  OVERDUE_MS,
  type PlatformFacts,
  type Seen,
  STAGE_BURST,
  STAGE_RATE,
} from './facts.ts';

/** `problem`: something does not work. `warn`: something will not, one day. */
export type Level = 'ok' | 'warn' | 'problem';

export interface Finding {
  level: Level;
  sentence: string;
  /** What to do about it. */
  remedy?: string;
}

/** What the facts mean for whoever runs the platform, in the order in which one would look. */
export function findings({ node, machine, deployment, platform }: Facts): Finding[] {
  return [
    aboutNode(node),
    ...(deployment === undefined ? [] : unless(deployment, aboutDeployment)),
    ...(platform === undefined ? [] : unless(platform, aboutPlatform)),
    ...(machine === undefined ? [] : aboutMachine(machine)),
  ];
}

const ok = (sentence: string): Finding => ({ level: 'ok', sentence });
const warn = (sentence: string, remedy: string): Finding => ({ level: 'warn', sentence, remedy });
const problem = (sentence: string, remedy: string): Finding => ({ level: 'problem', sentence, remedy });

/** What could not be seen says for itself why, and what to do. */
const unless = <Value>(seen: Seen<Value>, about: (value: Value) => Finding[], level: Level = 'problem') =>
  'fault' in seen ? [{ level, sentence: seen.fault }] : about(seen.value);

function aboutNode({ version, needs }: Facts['node']): Finding {
  const numbers = (text: string): number[] => (text.match(/\d+/g) ?? []).map(Number);
  const [[major = 0, minor = 0], [needsMajor = 0, needsMinor = 0]] = [numbers(version), numbers(needs)];
  const isEnough = major > needsMajor || (major === needsMajor && minor >= needsMinor);
  return isEnough
    ? ok(`Node.js is ${version}.`)
    : problem(`Node.js is ${version}, and must be ${needs}.`, 'Install a newer one from nodejs.org.');
}

const NO_KEY = warn(
  'No key was given, so it was not seen whether one would be taken.',
  'Give one: --key or API_KEY.',
);

const BEDROCK = warn(
  'Agents answer with Bedrock; whether the account may call the models that they name is not seen from here.',
  'Run each of them once: what Bedrock refuses stands in the failure of the run.',
);

function aboutPlatform({ url, health, providers, workspace }: PlatformFacts): Finding[] {
  const answers = ok(`The platform answers at ${url}.`);
  return unless(health, () => {
    if (providers === undefined) return [answers, NO_KEY];
    return unless(providers, (types) => [
      answers,
      ...(workspace === undefined
        ? [ok('The key is taken.')]
        : unless(workspace, (name) => [ok(`The key is good for the workspace '${name}'.`)])),
      ...(types.includes('bedrock') ? [BEDROCK] : []),
    ]);
  });
}

/** A workbook of 25 MiB, its parts and its output, for several runs at once. */
const ENOUGH_BYTES = 1024 ** 3;
const size = (bytes: number): string =>
  bytes < 1024 ** 3 ? `${Math.ceil(bytes / 1024 ** 2)} MiB` : `${(bytes / 1024 ** 3).toFixed(1)} GiB`;

function aboutMachine({ folder, folderBytes, freeBytes, hasJava, hasPython }: MachineFacts): Finding[] {
  const room = `${folder} holds ${size(folderBytes)}, and the disk has ${size(freeBytes)} left`;
  return [
    freeBytes < ENOUGH_BYTES
      ? warn(`${room}.`, 'Make room, or name another folder with RUNPLANE_DATA.')
      : ok(`${room}.`),
    ok(
      hasJava
        ? 'Java is there, so npm run test:long meets DynamoDB Local as well.'
        : 'There is no Java, so npm test leaves DynamoDB Local out; nothing else needs it.',
    ),
    ok(
      hasPython
        ? 'Python is there, so npm run test:aws works.'
        : 'There is no Python, so npm run test:aws does not work; nothing else needs it.',
    ),
  ];
}

function aboutDeployment({
  stage,
  region,
  stacks,
  concurrency,
  quotas,
  overdueRuns,
}: DeploymentFacts): Finding[] {
  const account = stacks.runs?.arn.split(':')[4] ?? stacks.storage?.arn.split(':')[4];
  return [
    ok(`The stage ${stage} is in the account ${account}, in ${region}.`),
    ...STACK_PARTS.flatMap((part) => aboutStack(stage, part, stacks[part])),
    ...unless(concurrency, (value) => [aboutConcurrency(value, region)], 'warn'),
    ...quotas.flatMap(({ quota, seen }) =>
      unless(seen, (value) => [aboutQuota(quota, value, region)], 'warn'),
    ),
    ...(overdueRuns === undefined
      ? []
      : unless(overdueRuns, (count) => [aboutOverdue(count, stage)], 'warn')),
  ];
}

/** Without these there is no platform; the others are for those who asked for them. */
const NEEDED: ReadonlySet<StackPart> = new Set(['storage', 'runs']);
const DEPLOYED = /^(CREATE|UPDATE|IMPORT)_COMPLETE$/;
const TAKEN_BACK = /^(UPDATE|IMPORT)_ROLLBACK_COMPLETE$/;

function aboutStack(stage: string, part: StackPart, stack: Stack | undefined): Finding[] {
  const deploy = `Deploy it: npm run deploy -- -c stage=${stage}.`;
  if (stack === undefined) {
    return NEEDED.has(part) ? [problem(`The stage ${stage} has no stack ${part}.`, deploy)] : [];
  }
  const { name, status } = stack;
  if (DEPLOYED.test(status)) return [ok(`The stack ${name} is deployed.`)];
  if (status.endsWith('_IN_PROGRESS'))
    return [warn(`The stack ${name} is being changed (${status}).`, 'Wait until it is done.')];
  const look = `See why in its events: aws cloudformation describe-stack-events --stack-name ${name}. Then deploy it again: npm run deploy -- -c stage=${stage}.`;
  return [
    TAKEN_BACK.test(status)
      ? warn(`The last deployment of the stack ${name} failed, and it is as it was before (${status}).`, look)
      : problem(`The stack ${name} is not deployed (${status}).`, look),
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

function aboutQuota(quota: NeededQuota, value: number, region: string): Finding {
  const sentence = `AWS allows ${value.toLocaleString('en')} ${quota.of}`;
  return value >= quota.needs
    ? ok(`${sentence}.`)
    : warn(
        `${sentence}; the platform takes up to ${STAGE_RATE} calls a second and ${STAGE_BURST} at once, and needs ${quota.needs.toLocaleString('en')} for them.`,
        `Ask AWS for more: ${requestOf(quota, quota.needs, region)}.`,
      );
}

const requestOf = ({ service, code }: { service: string; code: string }, value: number, region: string) =>
  `aws service-quotas request-service-quota-increase --service-code ${service} --quota-code ${code} --desired-value ${value} --region ${region}`;

function aboutOverdue(count: number, stage: string): Finding {
  if (count === 0) return ok('Every open run is looked after.');
  const many = count >= COUNTED_RUNS ? `${COUNTED_RUNS} runs or more` : counted(count, 'run');
  return problem(
    `Nobody has looked after ${many} for ${OVERDUE_MS / 60_000} minutes, so the sweeper does not work or does not keep up.`,
    `Read the log of the function Sweep of runplane-${stage}-runs, and what waits in its dead-letter queue.`,
  );
}
