/** A reason other than that the model had said everything, as a member for an answer. */
export const unusual = (finishReason: string | undefined): { finishReason?: string } =>
  finishReason === undefined || finishReason === 'stop' ? {} : { finishReason };
