/** How long a poll may go on: a machine with other work takes its time, and that is no failure of the service. */
export const patiently = { timeout: 20_000 };
