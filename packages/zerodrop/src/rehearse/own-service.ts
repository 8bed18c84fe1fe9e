import { existsSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { parseEnv } from 'node:util';
import { UsageError } from '../errors.ts';
import { expectedOneOf } from '../options.ts';
import { type ProcessOptions, run } from '../program.ts';
import type { ImageRequest } from './kubernetes/build.ts';
import { get, pairs, saidRequest, type ServiceRequest } from './load/request.ts';
import type { SaidLongLived } from './load/schedule.ts';

/** A service that is said by options alone: what runs in its pods, and what it is asked. */
export interface OwnService {
  /** A folder of manifests, or one file of them, to be rehearsed as it stands; null for what is committed around here. */
  readonly folder: string | null;
  /** The Deployment that is released, where the folder has several. */
  readonly deployment: string | null;
  /** By the name of a container; `''` for the one that is released. Null where what is built runs. */
  readonly commands: Readonly<Record<string, readonly string[]>> | null;
  /** Variables for what the manifests do not hold, or in the place of what they say. */
  readonly given: Readonly<Record<string, string>>;
  /** Null for the usual one. */
  readonly request: ServiceRequest | null;
  readonly longLived: SaidLongLived;
}

/** The options, as `util.parseArgs` takes them. */
export const ownArguments = {
  base: { type: 'string' },
  'base-command': { type: 'string', multiple: true },
  'base-build': { type: 'string' },
  sources: { type: 'string', multiple: true },
  build: { type: 'string' },
  command: { type: 'string', multiple: true },
  deployment: { type: 'string' },
  env: { type: 'string', multiple: true },
  'env-file': { type: 'string' },
  request: { type: 'string' },
  body: { type: 'string' },
  header: { type: 'string', multiple: true },
  status: { type: 'string' },
  'body-includes': { type: 'string' },
  'body-equals': { type: 'string' },
  'version-header': { type: 'string' },
  'version-json': { type: 'string' },
  'slow-request': { type: 'string' },
  upload: { type: 'string' },
  'event-stream': { type: 'string' },
  websocket: { type: 'string' },
  'long-seconds': { type: 'string' },
  'closed-early': { type: 'string' },
} as const;

/** What `util.parseArgs` makes of them. */
export type OwnValues = {
  readonly [Name in keyof typeof ownArguments]?:
    | ((typeof ownArguments)[Name] extends { multiple: true } ? readonly string[] : string)
    | undefined;
};

/** Their part of `--help`. */
export const ownUsage = `  --base REF            play the change from there: base, head and back, each with its own manifests, packages, build and program.
                        Where nothing rolls out, it says so and ends with 0
  --sources PATH        with --base: what an image is made of, file or folder; several times (all but manifests and documentation)
  --base-command COMMAND, --base-build COMMAND
                        with --base: as --command and --build, where the base has others
  --build COMMAND       builds the service for the embedded cluster as one file that Node.js runs; {version}, {revision}, {startup-ms}
                        and {out} in it are replaced, and no shell reads it. With --base and --command: runs in the copy of each side
  --command COMMAND     runs in each pod in the place of its image, on the embedded cluster: words at spaces, or a JSON array. No
                        shell reads it; {port}, {version} and {dir}, the folder that you are in, are replaced
  --command NAME=COMMAND  the same for another container, sidecar or init container
  --deployment NAME     the Deployment that is released, where FOLDER has several
  --env NAME=VALUE      a variable that the manifests do not hold, such as a password's; several times
  --env-file FILE       the same, a line each
  --request REQUEST     what is asked, as "METHOD PATH" (GET of the readiness probe's path, or of /)
  --body TEXT           what is sent; {id} in TEXT, in REQUEST and in headers is a text of each request's own
  --header NAME=VALUE   a header of the request; several times
  --status N[,N]        of a right answer (200 to 299)
  --body-includes TEXT, --body-equals TEXT
                        what the body of a right answer has in it, or is; {id} is that of its request
  --version-header NAME, --version-json FIELD
                        where an answer says the version, v1 or v2 as in VERSION (the embedded cluster knows it by the pod)
  --slow-request REQUEST  asked beside the load, once a second for each pod; {ms} in it is how long the answer is to take
  --upload REQUEST      the same, with a body that is sent in pieces as long
  --long-seconds N      how long these two last (a second beyond the drain)
  --event-stream PATH, --websocket PATH
                        kept open, two for each pod, and opened again when the service ends them
  --closed-early KIND   a stream or socket that ends without its protocol's end is lost, or only told (lost)`;

/** Reads them. Throws {@link UsageError} with a sentence. */
export function ownService(values: OwnValues, words: readonly string[], directory: string): OwnService {
  const [folder] = words;
  return {
    folder: folder === undefined ? null : existing(path.resolve(directory, folder), folder),
    deployment: values.deployment ?? null,
    commands: values.command === undefined ? null : commandsIn(values.command, directory),
    given: {
      ...(values['env-file'] === undefined ? {} : variables(values['env-file'])),
      ...pairs('--env', values.env ?? []),
    },
    request: saidRequest(values),
    longLived: longLivedOf(values),
  };
}

/** What the options say of clients whose requests last. */
function longLivedOf(values: OwnValues): SaidLongLived {
  const { 'long-seconds': seconds, 'closed-early': closedEarly = 'lost' } = values;
  if (closedEarly !== 'lost' && closedEarly !== 'told')
    throw new UsageError(
      `--closed-early is ${JSON.stringify(closedEarly)}, ${expectedOneOf(['lost', 'told'], closedEarly)}`,
    );
  if (seconds !== undefined && !/^[1-9]\d{0,2}$/.test(seconds))
    throw new UsageError(`--long-seconds is ${JSON.stringify(seconds)}, but a whole number from 1 to 999 is expected.`);
  return {
    slow: longLivedRequest('slow-request', values, /^(GET|POST|PUT|DELETE)$/, '"GET /reports?ms={ms}"'),
    upload: longLivedRequest('upload', values, /^(POST|PUT|PATCH)$/, '"POST /files"'),
    events: longLivedRequest('event-stream', values, /^GET$/, '"/events"'),
    socket: longLivedRequest('websocket', values, /^GET$/, '"/socket"'),
    seconds: seconds === undefined ? null : Number(seconds),
    closedEarly,
  };
}

function longLivedRequest(
  name: 'slow-request' | 'upload' | 'event-stream' | 'websocket',
  { [name]: text }: OwnValues,
  methods: RegExp,
  example: string,
): ServiceRequest | null {
  if (text === undefined) return null;
  const [, method = name === 'upload' ? 'POST' : 'GET', asked] = /^(?:([A-Z]+)\s+)?(\/\S*)$/.exec(text.trim()) ?? [];
  if (asked !== undefined && methods.test(method)) return { ...get(asked), method };
  throw new UsageError(`--${name} is ${JSON.stringify(text)}, but a request such as ${example} is expected.`);
}

/** A change that is played: from the base to the head and back. */
export interface ChangeOptions {
  /** What the head is to be merged into. */
  readonly base: string;
  /** Where the command was started: what a side builds and runs is at the same place of its own copy. */
  readonly directory: string;
  /** What an image is made of, from the root of the repository; empty where that is not said. */
  readonly sources: readonly string[];
  readonly sides: { readonly base: SideOptions; readonly head: SideOptions };
}

/** What one side of a change runs, and how that is built; null where the repository knows. */
export interface SideOptions {
  readonly commands: readonly string[] | null;
  readonly build: string | null;
}

/** Reads them; null where no change is asked for. Throws {@link UsageError} with a sentence. */
export function changeOptions(values: OwnValues, directory: string): ChangeOptions | null {
  const { base, command = null, build } = values;
  const [ofBase, builtBase] = [values['base-command'], values['base-build']];
  if (base === undefined) {
    const lone = (['base-command', 'base-build', 'sources'] as const).find((name) => values[name] !== undefined);
    if (lone === undefined) return null;
    throw new UsageError(`--${lone} is for a change. Name what it is played from by --base REF.`);
  }
  if (command === null && (ofBase ?? builtBase) !== undefined)
    throw new UsageError('--base-command and --base-build belong to --command: say what the head runs as well.');
  const head = { commands: command, build: command === null ? null : (build ?? null) };
  const sides = { base: { commands: ofBase ?? command, build: builtBase ?? head.build }, head };
  const sources = (values.sources ?? []).map((source) => path.posix.normalize(source).replace(/\/+$/, ''));
  return { base, directory, sources, sides };
}

function existing(folder: string, said: string): string {
  if (existsSync(folder)) return folder;
  throw new UsageError(`${said} does not exist. Name a folder of manifests, or a file of them.`);
}

/** Commands by the name of their containers, with files of a directory named in full. Throws {@link UsageError} for what can't be meant. */
export function commandsIn(given: readonly string[], directory: string): Readonly<Record<string, readonly string[]>> {
  const named = given.map((text) => {
    const [, name = '', command = text] = /^([a-z0-9](?:[a-z0-9-]*[a-z0-9])?)=(.*)$/s.exec(text) ?? [];
    return [name, commandWords(command).map((word, index) => located(word, index, directory))] as const;
  });
  const names = named.map(([name]) => name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) {
    throw new UsageError(
      `--command is given twice for ${twice === '' ? 'the service' : `the container ${twice}`}. Give it once.`,
    );
  }
  return Object.fromEntries(named);
}

/** The words of a command: a JSON array as it is, anything else split at spaces. Throws {@link UsageError} where that can't be meant. */
export function commandWords(text: string, option = '--command'): readonly string[] {
  const trimmed = text.trim();
  if (trimmed.startsWith('[')) {
    const parsed = parsedJson(trimmed);
    if (Array.isArray(parsed) && parsed.length > 0 && parsed.every((word) => typeof word === 'string')) return parsed;
    throw new UsageError(
      `${option} is ${JSON.stringify(text)}, but a JSON array of texts is expected, such as ["node", "server.js"].`,
    );
  }
  if (/["'`|&;<>]|\$\(/.test(trimmed)) {
    throw new UsageError(
      `${option} is ${JSON.stringify(text)}, but no shell reads it, and quotes do not hold words together. Write it as a JSON array: '["sh", "-c", "..."]'.`,
    );
  }
  if (trimmed === '') throw new UsageError(`${option} is empty. Name a program.`);
  return trimmed.split(/\s+/);
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** A pod has a working directory of its own: a word that names a file from here names it in full. */
function located(word: string, index: number, directory: string): string {
  const filled = word.replaceAll('{dir}', directory);
  const isPath = filled.includes('/') || (index > 0 && filled.includes('.'));
  if (!isPath || filled.startsWith('-') || path.isAbsolute(filled)) return filled;
  const full = path.resolve(directory, filled);
  return existsSync(full) ? full : filled;
}

function variables(file: string): Readonly<Record<string, string>> {
  if (!existsSync(file) || !statSync(file).isFile()) throw new UsageError(`--env-file is ${file}, which is no file.`);
  return parseEnv(readFileSync(file, 'utf8')) as Record<string, string>;
}

/**
 * Builds by a command that is run in the clone, without a shell. Its words are split at spaces; {version}, {revision}, {startup-ms} and
 * {out} in them are replaced. Throws {@link UsageError} where the command does not name the file that it writes.
 */
export function builtBy(command: string): (image: ImageRequest, out: string, clone: ProcessOptions) => Promise<void> {
  const [program, ...args] = command.trim().split(/\s+/);
  if (program === undefined || program === '' || !command.includes('{out}')) {
    throw new UsageError(
      `--build is ${JSON.stringify(command)}, but a command is expected that writes the file {out}, such as "node build.js --out {out}".`,
    );
  }
  return async ({ version, revision, startupMs }, out, clone) => {
    const values: Readonly<Record<string, string>> = { version, revision, 'startup-ms': String(startupMs), out };
    const filled = args.map((arg) => arg.replaceAll(/\{([a-z-]+)\}/g, (whole, name: string) => values[name] ?? whole));
    await run(clone, program, ...filled);
  };
}
