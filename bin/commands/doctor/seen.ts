import { Complaint } from '../command.ts';

/** What was seen, or in a sentence why it was not. */
export type Seen<Value> = { value: Value } | { fault: string };

/** @throws whatever is not for an operator to do something about. */
export async function seen<Value>(look: () => Promise<Value>): Promise<Seen<Value>> {
  try {
    return { value: await look() };
  } catch (error) {
    if (error instanceof Complaint) return { fault: error.message };
    throw error;
  }
}
