export type JsonSchema = Record<string, unknown>;

/** Where an OpenAPI document has the schemas that are referred to. */
export const COMPONENTS = '#/components/schemas/';

export const isSchema = (value: unknown): value is JsonSchema =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
