import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { TABLE } from '../../lib/adapters/aws/dynamo/table.ts';
import { MEMORY_MB } from '../../lib/apis/cost/function-memory.ts';
import type { Unit, Usage } from '../../lib/apis/cost/prices.ts';

/** One command to the table, and the capacity units that the database says it consumed. */
export interface TableCommand {
  /** Such as `PutItem`. */
  name: string;
  input: object;
  units: number;
}

/** Tells of every command of the client what it consumed; NaN of one that was refused. */
export function meterTable(client: DynamoDBDocumentClient, tell: (command: TableCommand) => void): void {
  client.middlewareStack.add(
    (next, { commandName }) =>
      async (args) => {
        const command = { name: nameOf(String(commandName)), input: args.input };
        let units = Number.NaN;
        try {
          const answer = await next({ ...args, input: { ...args.input, ReturnConsumedCapacity: 'INDEXES' } });
          const { ConsumedCapacity: consumed } = answer.output as { ConsumedCapacity?: unknown };
          units = [consumed].flat().reduce((sum: number, one) => sum + unitsOf(one), 0);
          return answer;
        } finally {
          tell({ ...command, units });
        }
      },
    { step: 'initialize', priority: 'low', name: 'meter' },
  );
}

const unitsOf = (consumed: unknown): number =>
  typeof consumed === 'object' && consumed !== null && 'CapacityUnits' in consumed
    ? Number(consumed.CapacityUnits)
    : Number.NaN;

/** Classes of commands are called `PutItemCommand` and so on. */
export const nameOf = (commandClass: string): string => commandClass.replace(/Command$/, '');

/**
 * The write units of the table's indexes, which the embedded database does not count: an entry that comes or
 * goes is one, one that moves is both. All of them hold keys only, far below 1 KB.
 */
export class IndexEntries {
  readonly #entries = new Map<string, string>();

  put(item: Record<string, unknown>): number {
    return Object.entries(TABLE.indexes).reduce((units, [index, { partition, sort }]) => {
      const isIn = item[partition] !== undefined && item[sort] !== undefined;
      return (
        units +
        this.#move(`${index} ${item.pk} ${item.sk}`, isIn ? `${item[partition]} ${item[sort]}` : undefined)
      );
    }, 0);
  }

  #move(entry: string, to: string | undefined): number {
    const from = this.#entries.get(entry);
    if (from === to) return 0;
    if (to === undefined) this.#entries.delete(entry);
    else this.#entries.set(entry, to);
    return from === undefined || to === undefined ? 1 : 2;
  }
}

const OBJECTS: Readonly<Record<string, Unit>> = { PutObject: 's3_puts', GetObject: 's3_gets' };

/**
 * How long a warm function is billed beside what it waits for in a journey, in milliseconds: its own work and
 * the answers of a handful of AWS calls. An assumption, and not a small one.
 */
export const WARM_MS = 100;

/** Everything that AWS would meter of one function, or of several together. */
export class Meter {
  /** How often each AWS command was sent. */
  commands: Record<string, number> = {};
  usage: Usage = {};

  get calls(): number {
    return Object.values(this.commands).reduce((sum, count) => sum + count, 0);
  }

  copy(): Meter {
    return Object.assign(new Meter(), { commands: { ...this.commands }, usage: { ...this.usage } });
  }

  /** Begins to count anew. */
  reset(): void {
    this.commands = {};
    this.usage = {};
  }

  add(unit: Unit, quantity: number): void {
    this.usage[unit] = (this.usage[unit] ?? 0) + quantity;
  }

  command(name: string): void {
    this.commands[name] = (this.commands[name] ?? 0) + 1;
    const unit = OBJECTS[name];
    if (unit !== undefined) this.add(unit, 1);
  }

  table({ name, input, units }: TableCommand, indexes: IndexEntries): void {
    this.command(name);
    if (name === 'PutItem' && 'Item' in input) {
      this.add('dynamodb_write_units', units + indexes.put(input.Item as Record<string, unknown>));
    } else if (name === 'DeleteItem') this.add('dynamodb_write_units', units);
    // A query that finds nothing is half a unit, or a whole one; the embedded database says none.
    else this.add('dynamodb_read_units', Math.max(units, isConsistent(input) ? 1 : 0.5));
  }

  /** An invocation of a function, which waited for so long. */
  invocation(memory: Memory, waitedMs: number): void {
    this.add('lambda_requests', 1);
    this.add('lambda_gb_seconds', ((MEMORY_MB[memory] / 1024) * (waitedMs + WARM_MS)) / 1000);
  }
}

export type Memory = keyof typeof MEMORY_MB;

const isConsistent = (input: object): boolean => 'ConsistentRead' in input && input.ConsistentRead === true;
