import type { z } from 'zod';

/** What an API answered; status 0 where nothing did. */
export interface Answer {
  readonly status: number;
  readonly body: unknown;
}

/** Asks an API for what is at an address: a path at GitHub, a whole URL at Google. Never throws. */
export type Ask = (address: string) => Promise<Answer>;

/** One thing that a working pipeline needs. */
export interface Finding {
  /** `unknown` where nobody could be asked: it may be there. */
  readonly state: 'ok' | 'missing' | 'unknown';
  /** Such as `GitHub: environment cluster`. */
  readonly about: string;
  /** What is there, or what is missing and why it matters, in a sentence. */
  readonly says: string;
  /** The command, or where there is none the place, that mends it; null where there is nothing to mend. */
  readonly mend: string | null;
}

export function ok(about: string, says: string): Finding {
  return { state: 'ok', about, says, mend: null };
}

export function missing(about: string, says: string, mend: string): Finding {
  return { state: 'missing', about, says, mend };
}

export function unknown(about: string, says: string, mend: string): Finding {
  return { state: 'unknown', about, says, mend };
}

/** The body of an answer in the shape that is expected; null for another status or shape. */
export function bodyOf<T>({ status, body }: Answer, shape: z.ZodType<T>): T | null {
  if (status !== 200) return null;
  const read = shape.safeParse(body);
  return read.success ? read.data : null;
}

/** What an API says about why it does not answer, as both of them write it. */
export function reasonOf({ status, body }: Answer): string {
  if (status === 0) return 'there is no answer';
  const told = typeof body === 'object' && body !== null ? body : {};
  const error: unknown = 'error' in told ? told.error : told;
  const words = typeof error === 'object' && error !== null && 'message' in error ? error.message : null;
  return typeof words === 'string'
    ? `it answers ${status}: ${words.split('\n')[0]?.slice(0, 300)}`
    : `it answers ${status}`;
}

/** The findings as a person reads them: what is missing first, each with the command that mends it. */
export function findingsText(findings: readonly Finding[]): string {
  const order = ['missing', 'unknown', 'ok'] as const;
  const counted = order.map((state) => `${findings.filter((one) => one.state === state).length} ${state}`).join(', ');
  const lines = order.flatMap((state) =>
    findings
      .filter((one) => one.state === state)
      .flatMap(({ about, says, mend }) => [
        `${state.padEnd('missing'.length)}  ${about}: ${says}`,
        ...(mend === null ? [] : mend.split('\n').map((line) => `${' '.repeat('missing  '.length)}${line}`)),
      ]),
  );
  return `${[...lines, '', `${counted}.`].join('\n')}\n`;
}

/** What an answer's body has at a key. */
export function valueAt(body: unknown, key: string): unknown {
  return typeof body === 'object' && body !== null
    ? Object.entries(body).find(([name]) => name === key)?.[1]
    : undefined;
}

/** A value of an answer, in a sentence. */
export function shown(value: unknown): string {
  return value === undefined ? 'not set' : typeof value === 'string' ? value : JSON.stringify(value);
}

/** Whether everything that is expected is there: GitHub answers with fields that nobody has set as well. */
export function contains(there: unknown, expected: unknown): boolean {
  if (Array.isArray(expected)) {
    return Array.isArray(there) && expected.every((one) => there.some((other) => contains(other, one)));
  }
  if (typeof expected !== 'object' || expected === null) return there === expected;
  return Object.entries(expected).every(([key, value]) => contains(valueAt(there, key), value));
}
