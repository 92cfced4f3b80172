import { describe, expect, it } from 'vitest';
import { operations } from '../../lib/apis/index.ts';
import { openApiDocument } from '../../lib/apis/openapi.ts';

type Described = { operationId: string; parameters: { name: string }[]; responses: Record<string, unknown> };
const document = openApiDocument(operations, { version: '1.2.3' });
const paths = document.paths as Record<string, Record<string, Described>>;

describe('the OpenAPI document', () => {
  it('lists every operation under its path and method, with its success and errors', () => {
    const listed = Object.values(paths).flatMap((methods) => Object.values(methods));

    expect(listed.map(({ operationId }) => operationId).toSorted()).toEqual(
      operations.map(({ operationId }) => operationId).toSorted(),
    );
    for (const op of operations) {
      const described = paths[op.path]?.[op.method.toLowerCase()];
      expect(Object.keys(described?.responses ?? {}), op.operationId).toEqual(
        [op.success.status, ...op.errors].map(String).toSorted(),
      );
      const named = [...op.path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
      expect(described?.parameters.map(({ name }) => name)).toEqual(expect.arrayContaining(named));
    }
  });

  it('refers only to schemas that it has', () => {
    const text = JSON.stringify(document);
    const { schemas } = document.components as { schemas: Record<string, unknown> };

    for (const [, name = ''] of text.matchAll(/"#\/components\/schemas\/([^"]+)"/g)) {
      expect(Object.keys(schemas)).toContain(name);
    }
    expect(text).not.toContain('"#/$defs');
  });

  it('shows request bodies as ADE spells them, closed to anything else', () => {
    const create = paths['/api/v1/workspaces/{workspaceId}/runs']?.post as unknown as {
      requestBody: { content: Record<string, { schema: Record<string, unknown> }> };
    };

    expect(create.requestBody.content['application/json']?.schema).toMatchObject({
      type: 'object',
      additionalProperties: false,
      properties: {
        input_document_id: expect.any(Object),
        options: { properties: { operation: { enum: ['process', 'validate', 'publish'] } } },
      },
    });
  });
});
