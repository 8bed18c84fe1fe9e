/** Calls `work` once for a burst of calls, `afterMs` after the first of them, with the time of the first. */
export function coalesce(afterMs: number, work: (since: number) => void): () => void {
  let since: number | null = null;
  return () => {
    if (since !== null) return;
    const first = Date.now();
    since = first;
    setTimeout(() => {
      since = null;
      work(first);
    }, afterMs);
  };
}
