import { UsageError } from '../errors.ts';
import { isRecord } from './model/field.ts';
import { isProfile, profiles } from './profile.ts';
import { ruleOf } from './rules/index.ts';

const severities: ReadonlySet<unknown> = new Set(['refuse', 'warn', 'off']);

/** Makes sure that a program gave what the types ask for, because JavaScript does not. Throws {@link UsageError} with a sentence. */
export function requireArguments(before: unknown, after: unknown, options: unknown): void {
  requireFiles('before', before);
  requireFiles('after', after);
  if (!isRecord(options))
    throw new UsageError(`options is ${named(options)}, expected an object such as { profile: 'any' }.`);
  const { profile, severities: chosen, returning, ...unknown } = options;
  const [other] = Object.keys(unknown);
  if (other !== undefined)
    throw new UsageError(`options.${other} is not an option. Use profile, severities or returning.`);
  if (profile !== undefined && !(typeof profile === 'string' && isProfile(profile))) {
    throw new UsageError(`options.profile is ${named(profile)}, expected one of ${profiles.join(', ')}.`);
  }
  if (returning !== undefined && !(returning instanceof Set)) {
    throw new UsageError(
      `options.returning is ${named(returning)}, expected a Set of folders: new Set(['manifests/staging']).`,
    );
  }
  requireSeverities(chosen ?? {});
}

function requireFiles(name: string, files: unknown): void {
  if (!(files instanceof Map)) {
    throw new UsageError(
      `${name} is ${named(files)}, expected a Map from the paths of files to their texts: new Map([['manifests/web.yaml', text]]), or new Map(Object.entries(files)).`,
    );
  }
  for (const [path, content] of files) {
    if (typeof path !== 'string')
      throw new UsageError(`${name} has the key ${named(path)}, expected the path of a file.`);
    const isUnreadable =
      isRecord(content) && typeof content['why'] === 'string' && typeof content['object'] === 'string';
    if (typeof content !== 'string' && !isUnreadable) {
      throw new UsageError(
        `${name} has ${named(content)} at ${path}, expected the text of the file: buffer.toString(), where it was read as bytes.`,
      );
    }
  }
}

function requireSeverities(chosen: unknown): void {
  if (!isRecord(chosen)) {
    throw new UsageError(
      `options.severities is ${named(chosen)}, expected an object such as { 'image-unpinned': 'off' }.`,
    );
  }
  for (const [rule, severity] of Object.entries(chosen)) {
    if (ruleOf(rule) === undefined) {
      throw new UsageError(`options.severities names ${rule}, which is no rule. ruleList has all of them.`);
    }
    if (!severities.has(severity)) {
      throw new UsageError(`options.severities has ${named(severity)} for ${rule}, expected refuse, warn or off.`);
    }
  }
}

/** A value as a sentence names it. */
function named(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value !== 'object' || value === null) return String(value);
  if (Array.isArray(value)) return 'an array';
  const { name } = value.constructor ?? {};
  return name === undefined || name === 'Object' ? 'a plain object' : `a ${name}`;
}
