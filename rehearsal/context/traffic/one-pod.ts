import { setTimeout as pause } from 'node:timers/promises';
import { WrongUse } from '../../wrong-use.ts';
import { type Answerer, askVersion } from './ask-version.ts';

/** With two pods that take turns at random, the chance that one of them answers all of these is 1 in 500 million. */
const questions = 30;

/** What a caller may set otherwise. */
interface Patience {
  /** How long an address may answer nothing at first. */
  readonly withinMs: number;
  readonly betweenMs: number;
}

/**
 * Refuses an address behind which a single pod answers: a `kubectl port-forward` leads to one pod and holds on to it, past
 * the Service and its endpoints, and so hides what a rollout does. It can't be told from its address, but from its answers.
 * Throws where too few answers come in 30 s.
 */
export async function refuseSinglePod(
  url: string,
  replicas: number,
  signal: AbortSignal,
  { withinMs, betweenMs }: Patience = { withinMs: 30_000, betweenMs: 500 },
): Promise<void> {
  const giveUpAt = Date.now() + withinMs;
  const answers: Answerer[] = [];
  while (answers.length < questions) {
    const answer = await askVersion(url, signal);
    if (answer !== null) {
      answers.push(answer);
    } else if (Date.now() > giveUpAt) {
      throw new Error(
        `--url is ${url}, but the service does not answer there reliably: ${answers.length} answers in ${withinMs / 1_000} s. Is the address reachable from here?`,
      );
    } else {
      await pause(betweenMs, undefined, { signal });
    }
  }
  const sentence = singlePod(url, replicas, answers);
  if (sentence !== null) throw new WrongUse(sentence);
}

/** What is wrong with an address that answered like this; null where nothing is. */
export function singlePod(url: string, replicas: number, answers: readonly Answerer[]): string | null {
  const pods = new Set(answers.map(({ pod }) => pod));
  if (replicas < 2 || pods.size > 1) return null;
  return `--url is ${url}, where only pod ${[...pods].join('')} of ${replicas} answers. A kubectl port-forward, or an address with session affinity, pins one pod and hides what a rollout does: name the address of a load balancer or a node port.`;
}
