import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { isMap, isScalar, isSeq, LineCounter, parseDocument, type Scalar, visit } from 'yaml';
import { loadSettings } from '../settings/load.ts';
import { trackedFiles } from './tracked.ts';

/** A place in a file that names an environment. */
interface Mention {
  readonly file: string;
  readonly line: number;
  readonly name: string;
}

/** A file of the repository with its text. */
interface Source {
  readonly file: string;
  readonly text: string;
}

const codeOwners = /(?:^|\/)CODEOWNERS$/;
const workflow = /^\.github\/.*\.ya?ml$/;
/** The environment and the service of a pin; a pin without the latter is from the time of one service. */
const pin = /^apps\/images\/([a-z0-9-]+)(?:\/[a-z0-9-]+)?\.json$/;

/**
 * A sentence for each place in the workflows and in CODEOWNERS that names an environment which settings.ts does not have, for each
 * choice of a workflow that leaves one out, and for each pin of none. Whoever renames an environment has to change them too.
 */
export async function forgottenEnvironments(directory: string): Promise<string[]> {
  const { environments } = await loadSettings(directory);
  const files = (await trackedFiles(directory)).filter((file) =>
    [codeOwners, workflow, pin].some((one) => one.test(file)),
  );
  const sources = await Promise.all(
    files.map(async (file) => ({ file, text: await readFile(path.join(directory, file), 'utf8').catch(() => null) })),
  );
  const present = sources.flatMap(({ file, text }) => (text === null ? [] : [{ file, text }]));
  return environmentProblems(
    present,
    environments.map(({ name }) => name),
  );
}

/** What is wrong with these files where these are the environments. */
export function environmentProblems(sources: readonly Source[], environments: readonly string[]): string[] {
  const known = environments.join(', ');
  return sources.flatMap((source) => {
    const [, pinned] = pin.exec(source.file) ?? [];
    if (pinned !== undefined) {
      return environments.includes(pinned)
        ? []
        : [
            `${source.file} is the pin of '${pinned}', which settings.ts does not have (it has ${known}). Rename it with git mv if the environment has another name now, or remove it.`,
          ];
    }
    const { mentions, choices } = codeOwners.test(source.file)
      ? { mentions: ownedEnvironments(source), choices: [] }
      : workflowEnvironments(source);
    return [
      ...mentions
        .filter(({ name }) => !environments.includes(name))
        .map(
          ({ file, line, name }) =>
            `${file}:${line} names the environment '${name}', which settings.ts does not have. Write one that it has, ${known}, or remove the line.`,
        ),
      ...choices.flatMap(({ line, names }) =>
        environments
          .filter((name) => !names.includes(name))
          .map(
            (name) => `${source.file}:${line} offers no '${name}', an environment of settings.ts. Add it to options.`,
          ),
      ),
    ];
  });
}

/** The environments whose files a CODEOWNERS file gives to somebody. */
function ownedEnvironments({ file, text }: Source): readonly Mention[] {
  return text.split('\n').flatMap((line, index) => {
    const [, folder, images] =
      /^\s*\/?(?:manifests\/([a-z0-9-]+)(?:\/|\s|$)|apps\/images\/([a-z0-9-]+)(?:\/|\.json|\s|$))/.exec(line) ?? [];
    const name = folder ?? images;
    return name === undefined ? [] : [{ file, line: index + 1, name }];
  });
}

interface Choice {
  readonly line: number;
  readonly names: readonly string[];
}

/** The environments that a workflow names: in its commands, its inputs, its matrices and its conditions. */
function workflowEnvironments({ file, text }: Source): {
  readonly mentions: readonly Mention[];
  readonly choices: readonly Choice[];
} {
  const lines = new LineCounter();
  const mentions: Mention[] = [];
  const choices: Choice[] = [];
  const lineAt = (node: unknown): number =>
    lines.linePos(isScalar(node) || isSeq(node) ? (node.range?.[0] ?? 0) : 0).line;
  const mention = (node: unknown): void => {
    if (isScalar(node) && typeof node.value === 'string' && isName(node.value)) {
      mentions.push({ file, line: lineAt(node), name: node.value });
    }
  };
  visit(parseDocument(text, { lineCounter: lines }), {
    Pair: (_, { key, value }) => {
      if (!isScalar(key) || key.value !== 'environment') return;
      // In a matrix. A job's own environment is one of GitHub's, and no list.
      if (isSeq(value)) value.items.forEach(mention);
      if (!isMap(value)) return;
      mention(value.get('default', true));
      const options: unknown = value.get('options', true);
      if (!isSeq(options)) return;
      options.items.forEach(mention);
      choices.push({
        line: lineAt(options),
        names: options.items.flatMap((item) => (isScalar(item) ? [String(item.value)] : [])),
      });
    },
    Scalar: (_, scalar) => {
      for (const { name, offset } of named(scalar, text)) {
        mentions.push({ file, line: lines.linePos(offset).line, name });
      }
    },
  });
  return { mentions, choices };
}

const option = /--(?:environment|from|to)(?:=|\s+)["']?([a-z0-9-]+)\b/g;
const condition = /\bcontains\([^()]*environments[^()]*,\s*'"([a-z0-9-]+)"'\s*\)/g;

/** The environments that a scalar names as a command's option, or as the member of a list of them. */
function named(scalar: Scalar, text: string): readonly { readonly name: string; readonly offset: number }[] {
  const [start = 0, end = 0] = scalar.range ?? [];
  const source = text.slice(start, end);
  const patterns = [condition, ...(/\bnpm run\b.*\s(?:release|pipeline|rehearse)\b/.test(source) ? [option] : [])];
  return patterns.flatMap((pattern) =>
    [...source.matchAll(pattern)].flatMap(({ 1: name, 0: whole, index }) =>
      name === undefined ? [] : [{ name, offset: start + index + whole.lastIndexOf(name) }],
    ),
  );
}

function isName(text: string): boolean {
  return /^[a-z0-9-]+$/.test(text);
}
