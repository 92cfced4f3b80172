import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** A resource of CloudFormation's, as far as this lane looks into it. */
export interface Resource {
  Type: string;
  Properties?: Readonly<Record<string, unknown>>;
  DependsOn?: string | readonly string[];
}

export interface Template {
  Resources: Readonly<Record<string, Resource>>;
}

/** All templates of a cloud assembly by the names of their files. */
export type Templates = Readonly<Record<string, Template>>;

/** Where a resource stands. Its name is what the CDK calls it, without the eight digits that make it unique. */
export interface Found {
  file: string;
  id: string;
  name: string;
  resource: Resource;
}

export const nameOf = (logicalId: string): string => logicalId.replace(/[0-9A-F]{8}$/, '');

export function resourcesOf(templates: Templates, type: string): Found[] {
  return Object.entries(templates).flatMap(([file, { Resources }]) =>
    Object.entries(Resources)
      .filter(([, { Type }]) => Type === type)
      .map(([id, resource]) => ({ file, id, name: nameOf(id), resource })),
  );
}

/** @param folder what `cdk synth` wrote. */
export async function readTemplates(folder: string): Promise<Templates> {
  const files = (await readdir(folder)).filter((file) => file.endsWith('.template.json'));
  if (files.length === 0) throw new Error(`There are no templates in ${folder}: synthesize it first`);
  const read = async (file: string): Promise<[string, Template]> => [
    file,
    JSON.parse(await readFile(join(folder, file), 'utf8')) as Template,
  ];
  return Object.fromEntries(await Promise.all(files.map(read)));
}

/** What was to be changed is not there, or is so already: any lane would fail to find such a mutation. */
export class NothingToChange extends Error {
  override name = 'NothingToChange';
}

/** @throws NothingToChange */
export function one(templates: Templates, type: string, name: string): Found {
  const [found, ...others] = resourcesOf(templates, type).filter((each) => each.name === name);
  if (found === undefined) throw new NothingToChange(`There is no ${type} called ${name}`);
  if (others.length > 0) throw new Error(`Several ${type} are called ${name}`);
  return found;
}

/** The same but for these members of one resource. */
export const withProperties = (
  templates: Templates,
  { file, id, resource }: Found,
  changed: object,
): Templates =>
  replaced(templates, file, (resources) =>
    Object.entries({
      ...resources,
      [id]: { ...resource, Properties: { ...resource.Properties, ...changed } },
    }),
  );

export function replaced(
  templates: Templates,
  file: string,
  change: (resources: Template['Resources']) => [string, Resource][],
): Templates {
  const template = templates[file] ?? { Resources: {} };
  return {
    ...templates,
    [file]: { ...template, Resources: Object.fromEntries(change(template.Resources)) },
  };
}

/** CloudFormation refuses a template that waits for what is not in it. */
export function independentOf(resource: Resource, taken: readonly string[]): Resource {
  const { DependsOn, ...others } = resource;
  if (DependsOn === undefined) return resource;
  const left = [DependsOn].flat().filter((id) => !taken.includes(id));
  if (left.length === [DependsOn].flat().length) return resource;
  return left.length === 0 ? others : { ...others, DependsOn: left };
}

/** The logical id in `{ Ref }` or `{ Fn::GetAtt }`. */
export function referenceOf(value: unknown): string | undefined {
  const { Ref, 'Fn::GetAtt': attribute } = Object(value) as Record<string, unknown>;
  const id = Array.isArray(attribute) ? attribute[0] : Ref;
  return typeof id === 'string' ? id : undefined;
}

export const isReference = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && Object.keys(value).some((key) => /^(Ref|Fn::)/.test(key));
