/** `aws-local-stepfunctions` uses `Promise.withResolvers`, which Node has from version 22 on. */
const promise = Promise as unknown as { withResolvers?: () => unknown };

promise.withResolvers ??= () => {
  let resolve: unknown;
  let reject: unknown;
  const made = new Promise((yes, no) => {
    resolve = yes;
    reject = no;
  });
  return { promise: made, resolve, reject };
};
