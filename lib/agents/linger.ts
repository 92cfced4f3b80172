/** How long a server may take to end its connection after its answer, in milliseconds, so that it can be used again. */
export const LINGER_MS = 250;

/** What the work comes to, or undefined when it takes longer. */
export async function within<T>(work: Promise<T>, milliseconds: number | undefined): Promise<T | undefined> {
  if (milliseconds === undefined) return work;
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<undefined>((resolve) => {
    timer = setTimeout(resolve, milliseconds, undefined);
  });
  try {
    return await Promise.race([work, timeout]);
  } finally {
    clearTimeout(timer);
  }
}
