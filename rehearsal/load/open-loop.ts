import { now } from './clock.ts';
import { shot, type Shot } from './schedule.ts';

/** Until the first request is due, in milliseconds: the loop is in place by then. */
const headStartMs = 50;

/** A load that is being sent. */
export interface OpenLoop {
  /** Sends no more, waits for the answers that are still out, and returns how many requests were sent. */
  stop(): Promise<number>;
}

/** Sends each request when it is due, whatever became of those before. What a late timer missed is sent at once. */
export function openLoop(rate: number, send: (shot: Shot) => Promise<void>): OpenLoop {
  const startAt = now() + headStartMs;
  const open = new Set<Promise<void>>();
  let sent = 0;
  let timer: NodeJS.Timeout | undefined;
  const sendDue = (): void => {
    const at = now();
    let next = shot(startAt, rate, sent);
    for (; next.dueAt <= at; next = shot(startAt, rate, sent)) {
      sent += 1;
      const answered = send(next).then(() => void open.delete(answered));
      open.add(answered);
    }
    // Counted from the schedule each time, so that a timer's delay never adds up.
    timer = setTimeout(sendDue, next.dueAt - now());
  };
  sendDue();
  return {
    async stop() {
      clearTimeout(timer);
      await Promise.all(open);
      return sent;
    },
  };
}
