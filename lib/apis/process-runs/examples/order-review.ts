import * as z from 'zod';
import type { FileStore } from '../../files/ports.ts';
import { ProcessFailure, readInputs, TaskInput } from './task-input.ts';

/** A state's payload holds 256 KB; so many lines fit, whatever they say. */
const MAX_LINES = 500;
/** An amount of an order above which a person should look at it. */
const REVIEW_FROM = 10_000;

/** A line as it was sent; whether it is any good is for `checkLine` to say. */
const Line = z.object({ line: z.int(), sku: z.string(), quantity: z.unknown(), unit_price: z.unknown() });

const Order = z.object({
  order_id: z.string(),
  customer_id: z.string().nullable(),
  line_count: z.int(),
  file_count: z.int(),
  lines: z.array(Line),
});
export type Order = z.infer<typeof Order>;

const text = (value: unknown): string | null =>
  typeof value === 'string' || typeof value === 'number' ? String(value).slice(0, 100) : null;

/** The order of a run's inputs: `order_id`, and, if it has any, `customer_id` and `lines`. */
export async function loadOrder(files: Pick<FileStore, 'get'>, payload: unknown): Promise<Order> {
  const task = TaskInput.parse(payload);
  const inputs = await readInputs(files, task);
  const orderId = text(inputs.order_id);
  if (orderId === null) {
    throw new ProcessFailure('order_id_missing', 'The process needs an input called order_id.');
  }
  const sent = Array.isArray(inputs.lines) ? (inputs.lines as unknown[]) : [];
  if (sent.length > MAX_LINES) {
    throw new ProcessFailure(
      'too_many_lines',
      `An order of ${sent.length} lines is too long: ${MAX_LINES} are reviewed at a time.`,
    );
  }
  const lines = sent.map((value, index) => toLine(value, index + 1));
  return {
    order_id: orderId,
    customer_id: text(inputs.customer_id),
    line_count: lines.length,
    file_count: task.files.length,
    lines,
  };
}

function toLine(value: unknown, line: number): z.infer<typeof Line> {
  const { sku, quantity, unit_price } = (typeof value === 'object' && value !== null ? value : {}) as Record<
    string,
    unknown
  >;
  const plain = (member: unknown) => (typeof member === 'number' ? member : text(member));
  return { line, sku: text(sku) ?? '', quantity: plain(quantity), unit_price: plain(unit_price) };
}

const Checked = z.object({
  line: z.int(),
  accepted: z.boolean(),
  quantity: z.number().default(0),
  amount: z.number().default(0),
  reason: z.string().optional(),
});
export type CheckedLine = z.infer<typeof Checked>;

/** One line of an order. @throws ProcessFailure `line_rejected`, which the machine catches. */
export function checkLine(payload: unknown): CheckedLine {
  const { line, sku, quantity, unit_price } = Line.parse(payload);
  const reject = (what: string) => new ProcessFailure('line_rejected', `Line ${line}: ${what}.`);
  if (sku === '') throw reject('there is no sku');
  if (typeof quantity !== 'number' || !(quantity > 0)) throw reject('the quantity is not above 0');
  if (typeof unit_price !== 'number' || !(unit_price >= 0)) throw reject('the unit price is not 0 or more');
  return { line, accepted: true, quantity, amount: cents(quantity * unit_price) };
}

const Decision = z.object({
  order: Order.omit({ lines: true }),
  checked: z.array(Checked),
});

/** What becomes the outputs of the run. */
export function decideOrder(payload: unknown) {
  const { order, checked } = Decision.parse(payload);
  const accepted = checked.filter((line) => line.accepted);
  const rejected = checked.filter((line) => !line.accepted);
  const total = cents(accepted.reduce((sum, { amount }) => sum + amount, 0));
  return {
    order_id: order.order_id,
    decision: rejected.length === 0 && total < REVIEW_FROM ? 'approved' : 'needs_review',
    total_items: accepted.reduce((sum, { quantity }) => sum + quantity, 0),
    total_amount: total,
    rejected_lines: rejected.map(({ line, reason }) => ({ line, reason: reason ?? 'Rejected' })),
    customer_id: order.customer_id,
  };
}

const cents = (amount: number): number => Math.round(amount * 100) / 100;
