/** How long this process has worked, in milliseconds: a machine that is busy elsewhere adds nothing to it. */
export const workedMs = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};
