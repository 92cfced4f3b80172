import type { Item, Scalar } from '../../lib/adapters/aws/dynamo/items.ts';

/** What stands behind the placeholders of an expression. */
export interface Placeholders {
  ExpressionAttributeNames?: Record<string, string> | undefined;
  ExpressionAttributeValues?: Record<string, unknown> | undefined;
}

const TOKEN = /\s*(<=|>=|<>|[=<>(),]|[#:\w]+)/y;

function tokensOf(expression: string): string[] {
  const tokens: string[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < expression.trimEnd().length) {
    const [, token] = TOKEN.exec(expression) ?? [];
    if (token === undefined) throw new SyntaxError(`'${expression}' is more than the table in memory reads`);
    tokens.push(token);
  }
  return tokens;
}

const isScalar = (value: unknown): value is Scalar => typeof value === 'string' || typeof value === 'number';

/** Values of different types never compare, as in DynamoDB. */
const compare = (one: Scalar | undefined, other: Scalar | undefined): number | undefined => {
  if (typeof one !== typeof other || one === undefined || other === undefined) return undefined;
  if (one === other) return 0;
  return one < other ? -1 : 1;
};

const COMPARES: Record<string, (order: number) => boolean> = {
  '=': (order) => order === 0,
  '<>': (order) => order !== 0,
  '<': (order) => order < 0,
  '<=': (order) => order <= 0,
  '>': (order) => order > 0,
  '>=': (order) => order >= 0,
};

/**
 * Whether an item, or the place where none is, meets a condition, key or filter expression of DynamoDB. Reads
 * as much of the language as our adapter writes. @throws SyntaxError for more.
 */
export function meets(expression: string, item: Item | undefined, placeholders: Placeholders): boolean {
  const tokens = tokensOf(expression);
  let at = 0;
  const take = (wanted?: string): string => {
    const token = tokens[at];
    if (token === undefined || (wanted !== undefined && token !== wanted))
      throw new SyntaxError(`'${expression}' has '${token}' where ${wanted ?? 'something'} was expected`);
    at += 1;
    return token;
  };
  const attribute = (): Scalar | undefined => {
    const token = take();
    const name = token.startsWith('#') ? placeholders.ExpressionAttributeNames?.[token] : token;
    if (name === undefined) throw new SyntaxError(`${token} of '${expression}' is not defined`);
    return item?.[name];
  };
  const operand = (): Scalar | undefined => {
    if (tokens[at]?.startsWith(':') !== true) return attribute();
    const value = placeholders.ExpressionAttributeValues?.[take()];
    if (!isScalar(value)) throw new SyntaxError(`'${expression}' compares with what is no text or number`);
    return value;
  };

  function either(): boolean {
    let met = both();
    while (tokens[at] === 'OR') {
      take();
      met = both() || met;
    }
    return met;
  }
  function both(): boolean {
    let met = single();
    while (tokens[at] === 'AND') {
      take();
      met = single() && met;
    }
    return met;
  }
  function single(): boolean {
    switch (tokens[at]) {
      case '(': {
        take();
        const met = either();
        take(')');
        return met;
      }
      case 'attribute_exists':
      case 'attribute_not_exists': {
        const wants = take() === 'attribute_exists';
        take('(');
        const value = attribute();
        take(')');
        return (value !== undefined) === wants;
      }
      case 'begins_with': {
        take();
        take('(');
        const value = attribute();
        take(',');
        const start = operand();
        take(')');
        return typeof value === 'string' && typeof start === 'string' && value.startsWith(start);
      }
      default:
        return comparison();
    }
  }
  function comparison(): boolean {
    const value = operand();
    const operator = take();
    if (operator === 'BETWEEN') {
      const from = compare(value, operand());
      take('AND');
      const to = compare(value, operand());
      return from !== undefined && to !== undefined && from >= 0 && to <= 0;
    }
    const fits = COMPARES[operator];
    if (fits === undefined) throw new SyntaxError(`'${expression}' compares by ${operator}`);
    const order = compare(value, operand());
    return order !== undefined && fits(order);
  }

  const met = either();
  if (at < tokens.length) throw new SyntaxError(`'${expression}' goes on after its end`);
  return met;
}
