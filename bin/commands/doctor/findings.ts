import type { Stack } from '../../../lib/adapters/aws/account.ts';
import { STACK_PARTS, type StackPart } from '../deployment.ts';
import { counted } from '../print.ts';
import { aboutAccount } from './account-findings.ts';
import {
  COUNTED_RUNS,
  type DeploymentFacts,
  type Facts,
  type MachineFacts,
  OVERDUE_MS,
  type PlatformFacts,
} from './facts.ts';
import { type Finding, ok, problem, unless, warn } from './finding.ts';

/** What the facts mean for whoever runs the platform, in the order in which one would look. */
export function findings({ node, machine, deployment, platform }: Facts): Finding[] {
  return [
    aboutNode(node),
    ...(deployment === undefined ? [] : unless(deployment, aboutDeployment)),
    ...(platform === undefined ? [] : unless(platform, aboutPlatform)),
    ...(machine === undefined ? [] : aboutMachine(machine)),
  ];
}

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

function aboutDeployment({ stage, stacks, account, overdueRuns }: DeploymentFacts): Finding[] {
  const id = stacks.runs?.arn.split(':')[4] ?? stacks.storage?.arn.split(':')[4];
  return [
    ok(`The stage ${stage} is in the account ${id}, in ${account.region}.`),
    ...STACK_PARTS.flatMap((part) => aboutStack(stage, part, stacks[part])),
    ...aboutAccount(account),
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

function aboutOverdue(count: number, stage: string): Finding {
  if (count === 0) return ok('Every open run is looked after.');
  const many = count >= COUNTED_RUNS ? `${COUNTED_RUNS} runs or more` : counted(count, 'run');
  return problem(
    `Nobody has looked after ${many} for ${OVERDUE_MS / 60_000} minutes, so the sweeper does not work or does not keep up.`,
    `Read the log of the function Sweep of runplane-${stage}-runs, and what waits in its dead-letter queue.`,
  );
}
