import {
  independentOf,
  isReference,
  NothingToChange,
  one,
  type Resource,
  referenceOf,
  replaced,
  resourcesOf,
  type Templates,
  withProperties,
} from './templates.ts';

/** An assembly in which one thing is wrong. */
export interface Mutation {
  says: string;
  /** Words that whoever finds it has to say: which function, route, rule, variable, table or role it is. */
  culprits: readonly string[];
  templates: Templates;
}

/** Takes the function's rights away: the policies of its role. @throws NothingToChange */
export function withoutPolicy(templates: Templates, functionName: string): Mutation {
  const { file, resource } = one(templates, 'AWS::Lambda::Function', functionName);
  const role = referenceOf(resource.Properties?.Role);
  const taken = Object.entries(templates[file]?.Resources ?? {})
    .filter(([, { Type, Properties }]) => Type === 'AWS::IAM::Policy' && isOfRole(Properties?.Roles, role))
    .map(([id]) => id);
  if (taken.length === 0) throw new NothingToChange(`The role of ${functionName} has no policy`);
  return {
    says: `${functionName} has no policy`,
    culprits: [functionName],
    templates: replaced(templates, file, (resources) =>
      Object.entries(resources)
        .filter(([id]) => !taken.includes(id))
        .map(([id, other]) => [id, independentOf(other, taken)]),
    ),
  };
}

/** A method and its path, as the API's document has them. */
export interface Route {
  method: string;
  path: string;
}

export const ANY_METHOD = 'x-amazon-apigateway-any-method';
const INTEGRATION = 'x-amazon-apigateway-integration';

type Methods = Readonly<Record<string, { [INTEGRATION]: { uri: unknown } & Record<string, unknown> }>>;

/** Has a route answered by the function of another one. @throws NothingToChange */
export function withIntegrationOf(templates: Templates, route: Route, other: Route): Mutation {
  const api = resourcesOf(templates, 'AWS::ApiGateway::RestApi').find(
    ({ resource }) => integrationOf(resource, route) !== undefined,
  );
  const says = `${spelled(route)} is answered by the function of ${spelled(other)}`;
  const [from, to] = [route, other].map((each) => api && integrationOf(api.resource, each));
  if (api === undefined || from === undefined || to === undefined)
    throw new NothingToChange(`There are no two such routes: ${says}`);
  if (JSON.stringify(from.uri) === JSON.stringify(to.uri))
    throw new NothingToChange(`It is so already: ${says}`);
  if (from.responseTransferMode !== to.responseTransferMode)
    throw new NothingToChange(`One streams and the other does not, so more would be wrong: ${says}`);
  const body = bodyOf(api.resource);
  const methods = body.paths[route.path] ?? {};
  const method = { ...methods[route.method], [INTEGRATION]: { ...from, uri: to.uri } };
  const paths = { ...body.paths, [route.path]: { ...methods, [route.method]: method } };
  return {
    says,
    culprits: [spelled(route)],
    templates: withProperties(templates, api, { Body: { ...body, paths } }),
  };
}

/** Every route of the assembly's APIs. */
export const routesOf = (templates: Templates): Route[] =>
  resourcesOf(templates, 'AWS::ApiGateway::RestApi').flatMap(({ resource }) =>
    Object.entries(bodyOf(resource).paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => ({ method, path })),
    ),
  );

/** As a caller writes it. */
export const spelled = ({ method, path }: Route): string =>
  `${method === ANY_METHOD ? 'ANY' : method.toUpperCase()} ${path}`;

/** Makes one text of a rule's pattern another: events that it was for no longer have it. @throws NothingToChange */
export function withWrongPattern(templates: Templates, ruleName: string, no: number): Mutation {
  const rule = one(templates, 'AWS::Events::Rule', ruleName);
  const texts = patternTexts(rule.resource);
  const text = texts[no];
  if (text === undefined)
    throw new NothingToChange(
      `The pattern of ${ruleName} has ${texts.length} texts, and none with no. ${no}`,
    );
  let seen = 0;
  const spoil = (value: unknown): unknown => {
    if (isReference(value)) return value;
    if (typeof value === 'string') return seen++ === no ? `${value} (wrong)` : value;
    if (Array.isArray(value)) return value.map(spoil);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, spoil(member)]));
  };
  return {
    says: `the pattern of ${ruleName} has another text than '${text}'`,
    culprits: [ruleName],
    templates: withProperties(templates, rule, {
      EventPattern: spoil(rule.resource.Properties?.EventPattern),
    }),
  };
}

/** What a rule's pattern compares with, less what only a deployment knows. */
export function patternTexts({ Properties }: Resource): string[] {
  const texts = (value: unknown): string[] => {
    if (isReference(value)) return [];
    if (typeof value === 'string') return [value];
    return typeof value === 'object' && value !== null ? Object.values(value).flatMap(texts) : [];
  };
  return texts(Properties?.EventPattern);
}

/** @throws NothingToChange */
export function withoutVariable(templates: Templates, functionName: string, variable: string): Mutation {
  const fn = one(templates, 'AWS::Lambda::Function', functionName);
  const variables = variablesOf(fn.resource);
  const { [variable]: gone, ...Variables } = variables;
  if (gone === undefined) throw new NothingToChange(`${functionName} is given no ${variable}`);
  return {
    says: `${functionName} is not given ${variable}`,
    culprits: [functionName, variable],
    templates: withProperties(templates, fn, { Environment: { Variables } }),
  };
}

export const variablesOf = ({ Properties }: Resource): Record<string, unknown> =>
  (Properties?.Environment as { Variables?: Record<string, unknown> } | undefined)?.Variables ?? {};

interface KeyPart {
  AttributeName: string;
  KeyType: string;
}
interface Index {
  IndexName: string;
  KeySchema: readonly KeyPart[];
}
interface Attribute {
  AttributeName: string;
  AttributeType: string;
}

/**
 * Calls a key of the table, or of one of its indexes, something else.
 * @param index undefined for the table itself.
 * @throws NothingToChange
 */
export function withRenamedKey(
  templates: Templates,
  tableName: string,
  key: string,
  index?: string,
): Mutation {
  const table = one(templates, 'AWS::DynamoDB::Table', tableName);
  const properties = table.resource.Properties ?? {};
  const schema = (properties.KeySchema ?? []) as readonly KeyPart[];
  const indexes = (properties.GlobalSecondaryIndexes ?? []) as readonly Index[];
  const keys = index === undefined ? schema : indexes.find(({ IndexName }) => IndexName === index)?.KeySchema;
  const where = index === undefined ? `the table ${tableName}` : `the index ${index} of ${tableName}`;
  if (keys?.some(({ AttributeName }) => AttributeName === key) !== true)
    throw new NothingToChange(`There is no key ${key} of ${where}`);
  const another = `${key}Renamed`;
  const renamed = (parts: readonly KeyPart[]): KeyPart[] =>
    parts.map((part) => (part.AttributeName === key ? { ...part, AttributeName: another } : part));
  const KeySchema = index === undefined ? renamed(schema) : schema;
  const GlobalSecondaryIndexes = indexes.map((each) =>
    each.IndexName === index ? { ...each, KeySchema: renamed(each.KeySchema) } : each,
  );
  const used = [KeySchema, ...GlobalSecondaryIndexes.map((each) => each.KeySchema)].flat();
  const described = (properties.AttributeDefinitions ?? []) as readonly Attribute[];
  // CloudFormation wants those that are keys described, and no others.
  const AttributeDefinitions = [...described, { AttributeName: another, AttributeType: 'S' }].filter(
    ({ AttributeName }) => used.some((part) => part.AttributeName === AttributeName),
  );
  return {
    says: `the key ${key} of ${where} is called ${another}`,
    culprits: [table.id, key, ...(index === undefined ? [] : [index])],
    templates: withProperties(templates, table, {
      AttributeDefinitions,
      ...(properties.KeySchema === undefined ? {} : { KeySchema }),
      ...(properties.GlobalSecondaryIndexes === undefined ? {} : { GlobalSecondaryIndexes }),
    }),
  };
}

interface Trust {
  Statement: readonly { Principal?: { Service?: unknown } }[];
}
/** Has no use for any role of ours. */
const STRANGER = 'ec2.amazonaws.com';

/** Lets another service take the role than the one that is to. @throws NothingToChange */
export function withWrongTrust(templates: Templates, roleName: string): Mutation {
  const role = one(templates, 'AWS::IAM::Role', roleName);
  const trust = role.resource.Properties?.AssumeRolePolicyDocument as Trust | undefined;
  const trusted = trust?.Statement.findIndex(({ Principal }) => Principal?.Service !== undefined) ?? -1;
  if (trust === undefined || trusted < 0) throw new NothingToChange(`${roleName} is taken by no service`);
  const Statement = trust.Statement.map((statement, at) =>
    at === trusted ? { ...statement, Principal: { Service: STRANGER } } : statement,
  );
  return {
    says: `${roleName} may be taken by ${STRANGER} alone`,
    culprits: [role.id],
    templates: withProperties(templates, role, { AssumeRolePolicyDocument: { ...trust, Statement } }),
  };
}

const bodyOf = ({ Properties }: Resource): { paths: Record<string, Methods> } =>
  (Properties?.Body ?? { paths: {} }) as { paths: Record<string, Methods> };

const integrationOf = (api: Resource, { method, path }: Route) =>
  bodyOf(api).paths[path]?.[method]?.[INTEGRATION];

const isOfRole = (roles: unknown, role: string | undefined): boolean =>
  role !== undefined && Array.isArray(roles) && roles.some((each) => referenceOf(each) === role);
