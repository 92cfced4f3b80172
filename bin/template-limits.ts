import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';

/** What CloudFormation takes in one template: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html */
const LIMITS = { resources: 500, bytes: 1_000_000 };

const Template = z.object({ Resources: z.record(z.string(), z.unknown()).default({}) });

/** Of what was synthesized into a folder, stacks within stacks included, what CloudFormation would refuse. */
export function overLimits(folder: string, limits = LIMITS): string[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.template.json'))
    .toSorted()
    .flatMap((name) => {
      const text = readFileSync(join(folder, name));
      const { Resources } = Template.parse(JSON.parse(text.toString('utf8')));
      const resources = Object.keys(Resources).length;
      const stack = name.replace(/(\.nested)?\.template\.json$/, '');
      return [
        ...(resources > limits.resources
          ? [
              `The stack ${stack} would have ${resources} resources, of which CloudFormation takes ${limits.resources}.`,
            ]
          : []),
        ...(text.length > limits.bytes
          ? [
              `The template of ${stack} would have ${text.length} bytes, of which CloudFormation takes ${limits.bytes}.`,
            ]
          : []),
      ];
    });
}

/** What is done about it, whichever it is. */
export const OVER_LIMITS_REMEDY =
  'Move a part of it into a stack of its own, as docs/decisions/0005-functions-stand-in-stacks-of-their-own.md does.';
