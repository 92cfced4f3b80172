export interface Gate {
  opened: Promise<void>;
  open(): void;
}

/** What others wait for until it is opened. */
export function aGate(): Gate {
  let open = (): void => undefined;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open };
}
