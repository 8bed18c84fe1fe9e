import { setTimeout as sleep } from 'node:timers/promises';
import type { RequestHandler } from 'express';

/** What can be made to go wrong, to rehearse with. Everything is off at 0 and `false`. */
export interface Faults {
  /** How long the process waits before it listens. */
  readonly startupDelayMs: number;
  /** Ends the process with exit code 1 instead of listening. */
  readonly crashAtStart: boolean;
  /** `/readyz` answers 503 for ever. */
  readonly neverReady: boolean;
  /** How much later `/version` and `/echo` answer. */
  readonly answerDelayMs: number;
  /** The share of requests to `/version` and `/echo`, from 0 to 1, that are answered with 500. */
  readonly failureRate: number;
}

export const noFaults: Faults = {
  startupDelayMs: 0,
  crashAtStart: false,
  neverReady: false,
  answerDelayMs: 0,
  failureRate: 0,
};

/** An hour, in milliseconds: far beyond what any wait here is for, and well within what a timer can count. */
export const LONGEST_WAIT_MS = 3_600_000;

const isWait = (value: unknown) => Number.isInteger(value) && Number(value) >= 0 && Number(value) <= LONGEST_WAIT_MS;
const isSwitch = (value: unknown) => typeof value === 'boolean';
const isShare = (value: unknown) => typeof value === 'number' && value >= 0 && value <= 1;

const wait = { fits: isWait, expected: `whole milliseconds from 0 to ${LONGEST_WAIT_MS}` };
const onOff = { fits: isSwitch, expected: 'true or false' };
const rules = {
  startupDelayMs: wait,
  crashAtStart: onOff,
  neverReady: onOff,
  answerDelayMs: wait,
  failureRate: { fits: isShare, expected: 'a number from 0 to 1' },
} satisfies Record<keyof Faults, { fits: (value: unknown) => boolean; expected: string }>;

const isFault = (name: string): name is keyof Faults => Object.hasOwn(rules, name);

/** Reads faults from JSON. Throws an error that says what is wrong with `source`, where the JSON came from. */
export function parseFaults(source: string, json: string): Faults {
  let given: unknown;
  try {
    given = JSON.parse(json);
  } catch (cause) {
    throw new Error(`${source} is not JSON: ${json}. Write it like {"startupDelayMs":1500}.`, { cause });
  }
  if (!isObject(given)) throw new Error(`${source} is ${json}, but it must be an object like {"startupDelayMs":1500}.`);
  for (const [name, value] of Object.entries(given)) {
    if (!isFault(name)) {
      throw new Error(`${source} has the unknown fault ${name}. The faults are ${Object.keys(rules).join(', ')}.`);
    }
    if (!rules[name].fits(value)) {
      throw new Error(`${source}: ${name} is ${JSON.stringify(value)}, but it must be ${rules[name].expected}.`);
    }
  }
  return { ...noFaults, ...given };
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Makes the answers behind it slow, or fail. `random` returns numbers from 0 to below 1, like Math.random. */
export function faultyAnswers(
  faults: Pick<Faults, 'answerDelayMs' | 'failureRate'>,
  random: () => number,
): RequestHandler {
  return async (_request, response, next) => {
    if (faults.answerDelayMs > 0) await sleep(faults.answerDelayMs);
    if (random() < faults.failureRate) {
      response.status(500).json({ error: `The fault failureRate fails ${faults.failureRate} of all answers.` });
    } else {
      next();
    }
  };
}
