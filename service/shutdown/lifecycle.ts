import { setMaxListeners } from 'node:events';
import type { Log } from '../log.ts';
import type { Clock } from './shutdown.ts';

/**
 * Listens to the signals that end a process. SIGTERM and the first SIGINT ask it to end; each SIGINT after the first one
 * insists: only a person at a keyboard sends two.
 */
export function onSignals(
  process: { on(signal: NodeJS.Signals, heard: () => void): unknown },
  tell: (occurrence: 'signal' | 'insistence') => void,
): void {
  let interrupts = 0;
  process.on('SIGTERM', () => tell('signal'));
  process.on('SIGINT', () => {
    interrupts += 1;
    tell(interrupts === 1 ? 'signal' : 'insistence');
  });
}

/** What an app hears of the end of its process. */
export interface Lifecycle {
  /** Aborted when the drain begins: streams end now, and connections of other protocols say goodbye. */
  readonly leaving: AbortSignal;
  /**
   * Closes something before the process exits, once the requests are answered: a pool of database connections, a
   * consumer, a buffer that has to be written. What was registered last is closed first.
   */
  beforeExit(name: string, close: () => Promise<unknown> | void): void;
}

/** The other side of a {@link Lifecycle}. */
export interface LifecycleControl extends Lifecycle {
  leave(): void;
  /** Closes everything. Resolves to false where something failed, or was not closed within `withinMs`; the log says what. */
  closeAll(withinMs: number): Promise<boolean>;
}

/** Begins a process' lifecycle. */
export function createLifecycle(log: Log, clock: Pick<Clock, 'after'>): LifecycleControl {
  const controller = new AbortController();
  // Each open stream listens: Node.js would warn from the eleventh on.
  setMaxListeners(0, controller.signal);
  const resources: { readonly name: string; readonly close: () => Promise<unknown> | void }[] = [];

  async function closeOne({ name, close }: (typeof resources)[number]): Promise<boolean> {
    try {
      await close();
      return true;
    } catch (error) {
      log.error({ err: error, resource: name }, `${name} could not be closed`);
      return false;
    }
  }

  async function closeEach(): Promise<boolean> {
    let isClean = true;
    // One after the other, since what came later may use what was there.
    for (let last = resources.at(-1); last !== undefined; last = resources.at(-1)) {
      isClean = (await closeOne(last)) && isClean;
      resources.pop();
    }
    return isClean;
  }

  function giveUp(withinMs: number): Promise<boolean> {
    return new Promise((resolve) =>
      clock.after(withinMs, () => {
        const names = resources.map(({ name }) => name).toReversed();
        if (names.length > 0) log.error({ resources: names }, `${names.join(', ')} not closed within ${withinMs} ms`);
        resolve(false);
      }),
    );
  }

  return {
    leaving: controller.signal,
    beforeExit: (name, close) => void resources.push({ name, close }),
    leave: () => controller.abort(),
    closeAll: (withinMs) => Promise.race([closeEach(), giveUp(withinMs)]),
  };
}
