import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';

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

/** What is there, with what is expected in it: fields that are expected replace those there, entries of a list come beside them. */
export function merged(there: unknown, expected: unknown): unknown {
  if (Array.isArray(expected) && Array.isArray(there))
    return [...there, ...expected.filter((one) => !contains(there, [one]))];
  if (typeof expected !== 'object' || expected === null || typeof there !== 'object' || there === null) return expected;
  const fields = Object.entries(expected).map(([key, value]) => [key, merged(valueAt(there, key), value)]);
  return { ...there, ...Object.fromEntries(fields) };
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

/** How an environment is to be, by .github/repository.json. */
export const environmentShape = z.strictObject({ branches: z.array(z.string()).nullable(), reviewed: z.boolean() });
const rule = z.looseObject({ type: z.string(), parameters: z.record(z.string(), z.unknown()).exactOptional() });
const actor = z.strictObject({ actor_id: z.number().nullable(), actor_type: z.string(), bypass_mode: z.string() });
/** A ruleset, as the file and GitHub have it. */
export const rulesetShape = z.looseObject({
  name: z.string(),
  enforcement: z.string(),
  conditions: z.unknown(),
  rules: z.array(rule),
  bypass_actors: z.array(z.looseObject(actor.shape)).exactOptional(),
});
const repositoryFile = z.strictObject({
  environments: z.record(z.string(), environmentShape),
  workflow: z.record(z.string(), z.unknown()),
  subject: z.record(z.string(), z.unknown()),
});

/** What .github/ruleset.json and .github/repository.json say, and what the owner's settings add. */
export interface Wanted {
  readonly ruleset: z.infer<typeof rulesetShape>;
  readonly repository: z.infer<typeof repositoryFile>;
  /** Who approves an apply: `@org/team` or `@user`, by settings.ts; empty for nobody. */
  readonly reviewers: readonly string[];
  /** The release App's name in its address; null before there is one. */
  readonly app: string | null;
  /** Variables of the repository. */
  readonly variables: Readonly<Record<string, string>>;
}

/** Reads the two files of a working copy. */
export async function readWanted(directory: string): Promise<Pick<Wanted, 'ruleset' | 'repository'>> {
  const read = async (name: string): Promise<unknown> =>
    JSON.parse(await readFile(join(directory, '.github', name), 'utf8'));
  return {
    ruleset: rulesetShape.parse(await read('ruleset.json')),
    repository: repositoryFile.parse(await read('repository.json')),
  };
}

/** One request that changes a setting at GitHub; the path begins after the repository's own. */
export interface Change {
  readonly method: 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly body: object | null;
}

/** A setting at GitHub that is not what git says, or that nobody could compare. */
export interface Difference {
  /** `unread` where this login may not see it: it may be as git says. */
  readonly state: 'differs' | 'unread';
  readonly about: string;
  readonly says: string;
  /** What mends it, in this order; empty where only a person can, or it is unread. */
  readonly changes: readonly Change[];
}

/** What GitHub says of an environment, in what is read of it. */
export const environmentAnswer = z.object({
  protection_rules: z
    .array(
      z.looseObject({
        type: z.string(),
        wait_timer: z.number().exactOptional(),
        prevent_self_review: z.boolean().exactOptional(),
        reviewers: z
          .array(
            z.object({
              type: z.string(),
              reviewer: z.looseObject({
                id: z.number(),
                login: z.string().exactOptional(),
                slug: z.string().exactOptional(),
              }),
            }),
          )
          .exactOptional(),
      }),
    )
    .default([]),
  deployment_branch_policy: z
    .object({ protected_branches: z.boolean(), custom_branch_policies: z.boolean() })
    .nullable()
    .default(null),
});

/** Whose approval an environment waits for. */
export interface Reviewer {
  readonly type: 'User' | 'Team';
  readonly id: number;
  /** The login of a user, the last part of a team's name. */
  readonly name: string;
}

/** Whose approval an environment waits for, by its own answer. */
export function reviewersOf(answer: Answer): readonly Reviewer[] {
  const rules = bodyOf(answer, environmentAnswer)?.protection_rules ?? [];
  return rules.flatMap(({ reviewers = [] }) =>
    reviewers.map(({ type, reviewer: { id, login, slug } }) => ({
      type: type === 'Team' ? 'Team' : 'User',
      id,
      name: (slug ?? login ?? '').toLowerCase(),
    })),
  );
}

/** A setting that this login may not see. */
export function unread(about: string, answer: Answer): Difference {
  return { state: 'unread', about, says: `can't be read: ${reasonOf(answer)}.`, changes: [] };
}
