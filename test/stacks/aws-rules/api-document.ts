import { all, atMost, type Body, grouped, type Rule } from './body.ts';
import { bytes } from './written.ts';

export interface Method {
  'x-amazon-apigateway-integration'?: { uri: unknown; responseTransferMode: string; timeoutInMillis: number };
}

export interface Document {
  paths: Record<string, Record<string, Method>>;
}

/** The APIs of a template: their logical ids, and the documents that they are made from. */
export const documentsOf = (body: Body): [string, Document][] =>
  all<{ Body: Document }>(body, 'AWS::ApiGateway::RestApi').map(([id, properties]) => [id, properties.Body]);

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-execution-service-limits-table.html */
export const apiDocumentSize: Rule = (body) =>
  documentsOf(body).flatMap(([id, document]) =>
    atMost(6_000_000, bytes(document), `bytes of the document of ${id}`),
  );

/** The same page: every part of a path is a resource, once. */
export const apiResources: Rule = (body) =>
  documentsOf(body).flatMap(([id, { paths }]) =>
    atMost(300, new Set(Object.keys(paths).flatMap(prefixesOf)).size, `resources of ${id}`),
  );

/** API Gateway refuses the import: a resource has one child that is a parameter. `{proxy+}` may stand beside it. */
export const siblingParameters: Rule = (body) =>
  documentsOf(body).flatMap(([, { paths }]) => {
    const parameters = [...new Set(Object.keys(paths).flatMap(prefixesOf))].flatMap((path) => {
      const [, parent = '', name] = /^(.*)\/(\{[^}+]+\})$/.exec(path) ?? [];
      return name === undefined ? [] : [[parent, name] as const];
    });
    return grouped(parameters).flatMap(([parent, names]) =>
      names.length > 1 ? [`parameters of ${parent} have several names: ${names.join(', ')}`] : [],
    );
  });

/** The same page as above: an answer that is whole has 29 s, a streamed one 15 minutes. */
export const integrationTimeouts: Rule = (body) =>
  documentsOf(body).flatMap(([, { paths }]) =>
    methodsOf(paths).flatMap(({ name, method }) => {
      const integration = method['x-amazon-apigateway-integration'];
      if (integration === undefined) return [`${name} has no integration`];
      const limit = integration.responseTransferMode === 'STREAM' ? 900_000 : 29_000;
      return atMost(limit, integration.timeoutInMillis, `milliseconds of ${name}`);
    }),
  );

export const methodsOf = (paths: Document['paths']) =>
  Object.entries(paths).flatMap(([path, item]) =>
    Object.entries(item).map(([verb, method]) => ({ name: `${verb} ${path}`, path, verb, method })),
  );

/** `/a/{b}/c` → `/`, `/a`, `/a/{b}`, `/a/{b}/c`. */
function prefixesOf(path: string): string[] {
  const segments = path.split('/').filter((segment) => segment !== '');
  return ['/', ...segments.map((_, index) => `/${segments.slice(0, index + 1).join('/')}`)];
}
