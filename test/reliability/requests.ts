import * as z from 'zod';
import { consumesOf, type Operation } from '../../lib/apis/operation/operation.ts';
import type { Tenant } from './tenants.ts';

type Json = {
  properties?: Record<string, Json>;
  required?: string[];
  default?: unknown;
  enum?: unknown[];
  anyOf?: Json[];
  type?: string;
};
const schemaOf = (type: z.ZodType | undefined): Json =>
  type === undefined ? {} : (z.toJSONSchema(type, { io: 'output', unrepresentable: 'any' }) as Json);

/** The least that a schema asks for. */
function least(schema: Json): unknown {
  const { properties = {}, required = [], anyOf, type } = schema;
  if (schema.enum !== undefined) return schema.enum[0];
  if (anyOf !== undefined) return least(anyOf.find((option) => option.type !== 'null') ?? {});
  if (type === 'array') return [];
  if (type === 'integer' || type === 'number') return 1;
  if (type === 'boolean') return false;
  if (type !== 'object') return 'text';
  const wanted = required.filter(
    (name) => properties[name] !== undefined && properties[name].default === undefined,
  );
  return Object.fromEntries(wanted.map((name) => [name, least(properties[name] ?? {})]));
}

/** Where an operation is told an id: in its path, its query or its body. */
export interface Slot {
  in: 'path' | 'query' | 'body';
  name: string;
}

/** Where the request is about, and numbers and places in a run, which are nobody's. */
const NO_IDS = ['workspaceId', 'projectId', 'teamId', 'no', 'versionNo', 'columnId'];

/** Every place of an operation for the id of something that tenants have. */
export function slotsOf({ api, path, input }: Operation, { has }: Tenant): Slot[] {
  const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']): Slot => ({ in: 'path', name }));
  const named = (where: 'query' | 'body'): Slot[] =>
    Object.keys(schemaOf(input[where]).properties ?? {})
      // In a path it names a list; in a body it is what somebody calls a thing.
      .filter((name) => name !== 'name' && has[api][name] !== undefined)
      .map((name) => ({ in: where, name }));
  return [...inPath, ...named('query'), ...named('body')].filter(({ name }) => !NO_IDS.includes(name));
}

export interface Asking {
  /** Of the operation's paths, the one that is asked. */
  path: string;
  tenant: Tenant;
  /** Another workspace than the tenant's. */
  workspaceId?: string | undefined;
  /** Another id than the tenant's in one place. */
  other?: { slot: Slot; id: string };
}

export interface Request {
  url: string;
  json?: unknown;
  body?: FormData;
}

/** An operation asked about what a tenant has, with the least that it wants besides. */
export function requestOf(operation: Operation, { path, tenant, workspaceId, other }: Asking): Request {
  const { api, input, operationId } = operation;
  const consumes = consumesOf(operation);
  const idOf = (where: Slot['in'], name: string): string => {
    if (other?.slot.in === where && other.slot.name === name) return other.id;
    const isPlace = name === 'workspaceId' || name === 'projectId';
    const id = isPlace ? (workspaceId ?? tenant.workspaceId) : tenant.has[api][name];
    if (id === undefined) throw new TypeError(`${operationId} asks for a ${name}: give the tenants one`);
    return id;
  };
  const named = (where: Slot['in']): string[] =>
    slotsOf(operation, tenant).flatMap((slot) => (slot.in === where ? [slot.name] : []));
  const target = path.replace(/\{(\w+)\}/g, (_, name: string) => idOf('path', name));
  const pairs = named('query').map((name): [string, string] => [name, idOf('query', name)]);
  const url = pairs.length === 0 ? target : `${target}?${new URLSearchParams(pairs)}`;
  if (consumes === 'nothing') return { url };
  if (consumes === 'multipart') {
    const body = new FormData();
    body.set('file', new Blob(['First Name\nAda\n']), 'mine.csv');
    return { url, body };
  }
  const schema = schemaOf(input.body);
  const ids = named('body').map((name): [string, unknown] => {
    const id = idOf('body', name);
    return [name, schema.properties?.[name]?.type !== 'string' && name.endsWith('s') ? [id] : id];
  });
  return { url, json: { ...Object(least(schema)), ...Object.fromEntries(ids) } };
}
