/** Runs `work` one at a time. A call while it runs makes it run once more afterwards, however many calls there were. */
export function oneAtATime(work: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | null = null;
  let next: Promise<void> | null = null;
  const run = async (): Promise<void> => {
    try {
      await work();
    } finally {
      running = null;
    }
  };
  const start = async (): Promise<void> => (running = run());
  return async () => {
    if (running === null) return start();
    next ??= running.then(
      async () => again(),
      async () => again(),
    );
    return next;
  };
  async function again(): Promise<void> {
    next = null;
    return start();
  }
}
