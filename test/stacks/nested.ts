import { NestedStack, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';

/** The stacks within a stack. */
export const nestedIn = (stack: Stack): NestedStack[] =>
  stack.node.findAll().filter((child) => child instanceof NestedStack);

interface Body {
  Resources: Record<string, { Metadata: Record<string, string>; Properties?: Record<string, unknown> }>;
  Parameters?: Record<string, unknown>;
  Outputs?: Record<string, { Value: unknown }>;
}

/** What CloudFormation's functions in a template stand for, by their JSON. */
type Meanings = Map<string, unknown>;

const bodyOf = (stack: Stack): Body => Template.fromStack(stack).toJSON() as Body;
const spell = (value: unknown): string => JSON.stringify(value);

/**
 * A stack and those within it as if they were one: what a stack is given and gives back is what it stands for,
 * and resources stand at the paths that they would have without the stacks between. Who may do what, and who
 * calls whom, can be read off it whatever stacks the resources are in. It throws when they wait for each other.
 */
export function asOneStack(stack: Stack): Template {
  const outer = bodyOf(stack);
  const inner = nestedIn(stack).map((nested) => ({ nested, body: bodyOf(nested), id: idOf(stack, nested) }));
  const meanings: Meanings = new Map();
  for (const { id, body } of inner) {
    const given = (outer.Resources[id]?.Properties?.Parameters ?? {}) as Record<string, unknown>;
    for (const name of Object.keys(body.Parameters ?? {})) meanings.set(spell({ Ref: name }), given[name]);
    for (const [name, { Value }] of Object.entries(body.Outputs ?? {}))
      meanings.set(spell({ 'Fn::GetAtt': [id, `Outputs.${name}`] }), Value);
  }
  const resources = Object.entries(outer.Resources).filter(([id]) => !inner.some((one) => one.id === id));
  for (const { nested, body } of inner) {
    for (const [id, resource] of Object.entries(body.Resources)) {
      const path = resource.Metadata['aws:cdk:path']?.replace(nested.node.path, stack.node.path) ?? '';
      resources.push([id, { ...resource, Metadata: { ...resource.Metadata, 'aws:cdk:path': path } }]);
    }
  }
  const Resources = Object.fromEntries(resources);
  if (Object.keys(Resources).length < resources.length) throw new Error('Two resources have one id');
  return Template.fromJSON(meant({ ...outer, Resources }, meanings) as Record<string, unknown>);
}

function idOf(stack: Stack, { node, nestedStackResource }: NestedStack): string {
  if (nestedStackResource === undefined) throw new Error(`${node.path} is in no stack`);
  return String(stack.resolve(nestedStackResource.logicalId));
}

/** A value with everything in it that stands for something else replaced by that. */
function meant(value: unknown, meanings: Meanings): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((one) => meant(one, meanings));
  const meaning = meanings.get(spell(value));
  if (meaning !== undefined) return meant(meaning, meanings);
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, meant(one, meanings)]));
}

/** Every stack of an app, nested ones as well. */
export const stacksIn = (app: { node: Stack['node'] }): Stack[] =>
  app.node.findAll().filter((child) => Stack.isStack(child));
