/**
 * Faults that may pass: the state machine's Retry names them. Everything else that goes wrong with an
 * answer ends its run at once.
 */
export class TransientFault extends Error {
  override readonly name = 'TransientFault';
}

/** The model's provider, not the platform, asks for patience. */
export class ProviderBusy extends Error {
  override readonly name = 'ProviderBusy';
}

/** The last delivery that the machine makes of a task, counted from 0: nobody tries after it. */
export const LAST_DELIVERY = 2;
