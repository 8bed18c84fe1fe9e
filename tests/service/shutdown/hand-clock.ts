import type { Clock } from '../../../service/shutdown/shutdown.ts';

/** A clock that stands still until `pass` moves it on. */
export function handClock(): Clock & { pass: (ms: number) => void } {
  let now = 0;
  const due: { at: number; run: () => void }[] = [];
  const after = (ms: number, run: () => void) => void due.push({ at: now + ms, run });
  const every = (ms: number, run: () => void) =>
    after(ms, () => {
      run();
      every(ms, run);
    });
  function pass(ms: number): void {
    const end = now + ms;
    for (;;) {
      const next = due.filter(({ at }) => at <= end).toSorted((a, b) => a.at - b.at)[0];
      if (next === undefined) break;
      due.splice(due.indexOf(next), 1);
      now = next.at;
      next.run();
    }
    now = end;
  }
  return { after, every, pass };
}
