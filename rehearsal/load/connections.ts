import { Agent } from 'node:http';
import type { Shot } from './schedule.ts';

/** So many kept connections meet every pod of a usual service, and hundreds of requests a second spread over them. */
const most = 20;

/** A kept connection is used at least this often: well within the shortest drain, or it would be closed while idle. */
const usedEveryMs = 2_000;

/** The ways in which a request gets its connection. */
export interface Connections {
  agentFor(shot: Shot): Agent;
  /** Closes what is kept open. */
  close(): void;
}

/** How many connections are kept, for `rate` keep-alive requests per second. */
export function keptConnections(rate: number): number {
  return Math.max(1, Math.min(most, Math.floor((rate * usedEveryMs) / 1_000)));
}

/**
 * Opens nothing yet. Keep-alive requests take turns on their connections, each behind an agent of its own: one shared agent
 * would reuse the warmest connection and leave the others idle. While a connection waits for an answer its agent opens a
 * second one, so that no request queues behind another.
 */
export function makeConnections(rate: number): Connections {
  const kept = Array.from(
    { length: keptConnections(rate) },
    () => new Agent({ keepAlive: true, maxFreeSockets: 1, noDelay: true }),
  );
  const fresh = new Agent({ keepAlive: false, noDelay: true });
  return {
    agentFor({ kind, index }) {
      return kind === 'new-connection' ? fresh : (kept[index % kept.length] ?? fresh);
    },
    close() {
      for (const agent of [...kept, fresh]) agent.destroy();
    },
  };
}
