import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { parse } from 'yaml';
import { UsageError } from '../errors.ts';
import { didYouMean, expectedOneOf } from '../options.ts';
import { isProfile, type Profile, profiles, type Severity } from './finding.ts';
import { isRecord } from './model/object.ts';
import { ruleOf, rules as everyRule } from './rules/index.ts';

/** What a repository says about its guard. */
export interface Configuration {
  readonly profile?: Profile;
  readonly severities: Readonly<Record<string, Severity | 'off'>>;
}

const names = ['zerodrop.json', 'zerodrop.yaml', 'zerodrop.yml'];

/**
 * Reads the configuration: the named file, or the first usual one. What was merged counts before what a change brings, so that
 * no change switches off the rule that it breaks. Throws {@link UsageError} for one that can't be read or that nobody understands.
 *
 * @param committed reads a file of the repository's root as it was before the change; null where it is not there
 */
export async function readConfiguration(
  root: string,
  named: string | undefined,
  committed: (name: string) => Promise<string | null>,
): Promise<Configuration> {
  if (named !== undefined) {
    const text = await readFile(named, 'utf8').catch((cause: Error) => {
      throw new UsageError(`--config is ${named}, which can't be read (${cause.message}).`, { cause });
    });
    return configurationOf(text, named);
  }
  for (const name of names) {
    const text = (await committed(name)) ?? (await readFile(path.join(root, name), 'utf8').catch(() => null));
    if (text !== null) return configurationOf(text, name);
  }
  return { severities: {} };
}

/** Reads `guard: {profile, rules: {RULE: refuse | warn | off}}`. */
function configurationOf(text: string, name: string): Configuration {
  const content = parsed(text, name);
  if (!isRecord(content)) throw new UsageError(`${name} is no map. Write guard: {profile: any, rules: {}}.`);
  requireKnown(content, ['guard'], name, '');
  const guard = content['guard'] ?? {};
  if (!isRecord(guard)) throw new UsageError(`${name}: guard is no map. Write guard: {profile: any, rules: {}}.`);
  requireKnown(guard, ['profile', 'rules'], name, 'guard.');
  const { profile, rules = {} } = guard;
  if (profile !== undefined && (typeof profile !== 'string' || !isProfile(profile))) {
    throw new UsageError(`${name}: guard.profile is ${JSON.stringify(profile)}, ${expectedOneOf(profiles, profile)}`);
  }
  if (!isRecord(rules)) throw new UsageError(`${name}: guard.rules is no map. Write rules: {image-unpinned: off}.`);
  const severities = Object.fromEntries(
    Object.entries(rules).map(([rule, value]) => [rule, severityOf(rule, value, name)]),
  );
  return { ...(profile === undefined ? {} : { profile }), severities };
}

/** Throws {@link UsageError} for a key that nobody reads: a misspelt one would leave everything as it is, without a word. */
function requireKnown(
  map: Readonly<Record<string, unknown>>,
  known: readonly string[],
  name: string,
  below: string,
): void {
  const unknown = Object.keys(map).find((key) => !known.includes(key));
  if (unknown === undefined) return;
  const meant = didYouMean(unknown, known);
  throw new UsageError(`${name}: ${below}${unknown} is no setting. Known: ${known.join(', ')}.${meant}`);
}

function severityOf(rule: string, value: unknown, name: string): Severity | 'off' {
  if (ruleOf(rule) === undefined) {
    const meant = didYouMean(
      rule,
      everyRule.map(({ id }) => id),
    );
    throw new UsageError(`${name}: guard.rules.${rule} is no rule. zerodrop guard --rules lists them.${meant}`);
  }
  // YAML 1.1 readers take off for false.
  if (value === false) return 'off';
  if (value === 'refuse' || value === 'warn' || value === 'off') return value;
  throw new UsageError(
    `${name}: guard.rules.${rule} is ${JSON.stringify(value)}, ${expectedOneOf(['refuse', 'warn', 'off'], value)}`,
  );
}

function parsed(text: string, name: string): unknown {
  try {
    return parse(text, { logLevel: 'error' }) ?? {};
  } catch (cause) {
    throw new UsageError(
      `${name} is not YAML or JSON (${cause instanceof Error ? (cause.message.split('\n')[0] ?? '') : ''}).`,
      { cause },
    );
  }
}
