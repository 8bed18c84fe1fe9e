import type { Agent } from 'node:http';
import { ask } from './request.ts';

/** What several loads share: how many answers came, and when to stop. */
export interface Progress {
  answered: number;
  stopped: boolean;
}

/** Sends requests one after the other until it is stopped. A wrong answer, or none, fails the load. */
export async function load(port: number, progress: Progress, agent?: Agent): Promise<void> {
  while (!progress.stopped) {
    const body = `request ${progress.answered}`;
    const answer = await ask(port, '/echo', { method: 'POST', body, ...(agent && { agent }) });
    if (answer.status !== 200 || answer.body.toString() !== body) {
      throw new Error(`The answer to "${body}" is ${answer.status} ${answer.body.toString()}.`);
    }
    progress.answered += 1;
  }
}
