import { filesAt } from 'zerodrop/files';
import { git } from 'zerodrop/git';
import { manifestsPath, parsePin, type Pin, PinError, pinPath, type TargetPath } from '../apps/pins.ts';
import { loadProject, pathsOf, type Project } from '../apps/project.ts';
import { render } from '../apps/render.ts';
import { drift } from '../checks/tools.ts';
import { isOwn, ownPaths } from '../release/publish/render.ts';
import { type Ended, ended, readArguments, requiredCommit, stepOutputs } from './command.ts';

/** A file that differs between two commits. */
export interface ChangedFile {
  readonly path: string;
  /** Of git: 100644 for a plain file, 000000 for one that is gone. */
  readonly mode: string;
  /** 40 or 64 hex digits. */
  readonly blob: string;
}

/**
 * Why a change is more than a rollback, null for one that is none: it puts pins back to what `base` had before, byte for byte, and
 * its manifests are what the code of `base` renders of these pins. Nothing in it is new, so nothing has to be tested anew.
 *
 * @param project that of `base`
 */
export async function moreThanRollback(
  directory: string,
  base: string,
  head: string,
  project: Project,
): Promise<string | null> {
  const files = await changedFiles(directory, base, head);
  const targets = pathsOf(project);
  const pins = new Set(targets.map(pinPath));
  const changed = targets.filter((target) => files.some(({ path }) => path === pinPath(target)));
  if (changed.length === 0) return 'It changes no pin.';
  const other = files.find(
    ({ path }) => !pins.has(path) && !changed.some((target) => path.startsWith(`${manifestsPath(target)}/`)),
  );
  if (other !== undefined) return `It changes ${other.path}, which is no pin and no manifest of a pin that it changes.`;
  const special = files.find(({ mode }) => mode !== '100644' && mode !== '000000');
  if (special !== undefined) return `${special.path} is not a regular file.`;
  for (const { path, mode, blob } of files.filter((file) => pins.has(file.path))) {
    if (mode === '000000') return `It removes ${path}, and with it the service.`;
    if (!(await hasHad(directory, base, path, blob))) return `main never had ${path} as it would be.`;
  }
  return manifestProblem(directory, head, project, changed);
}

/** The files that differ between two commits. */
export async function changedFiles(directory: string, base: string, head: string): Promise<ChangedFile[]> {
  const raw = await git(directory, 'diff', '--raw', '--no-abbrev', '--no-renames', '-z', base, head, '--');
  return [...raw.matchAll(/:\d+ (?<mode>\d+) \w+ (?<blob>\w+) \w+\0(?<path>[^\0]+)/g)].map(({ groups }) => ({
    path: groups?.['path'] ?? '',
    mode: groups?.['mode'] ?? '',
    blob: groups?.['blob'] ?? '',
  }));
}

/** Whether a file had this content at a commit of main, along first parents. */
export async function hasHad(directory: string, base: string, path: string, blob: string): Promise<boolean> {
  const log = [
    'log',
    '--first-parent',
    '-m',
    '--raw',
    '--no-abbrev',
    '--no-renames',
    '--no-show-signature',
    '--format=',
  ];
  const history = await git(directory, ...log, base, '--', path);
  return history.split('\n').some((line) => line.split('\t')[0]?.split(' ').includes(blob) === true);
}

/** What the code of `base` renders otherwise, or nobody can read. Only the environments that change count: others don't hold a rollback up. */
async function manifestProblem(
  directory: string,
  head: string,
  project: Project,
  targets: readonly TargetPath[],
): Promise<string | null> {
  const committed = new Map<string, string>();
  for (const [path, content] of await filesAt(directory, head, ...targets.flatMap(ownPaths))) {
    if (typeof content !== 'string') return `${path} ${content.why}.`;
    committed.set(path, content);
  }
  try {
    const rendered = [...render(project, pinsOf(committed, targets))];
    const isChanged = ([path]: readonly [string, string]): boolean =>
      path.startsWith('manifests/') && targets.some((target) => isOwn(path, target));
    return drift(new Map(rendered.filter(isChanged)), new Map([...committed].filter(isChanged)))[0] ?? null;
  } catch (error) {
    if (error instanceof PinError) return error.message;
    throw error;
  }
}

function pinsOf(files: ReadonlyMap<string, string>, targets: readonly TargetPath[]): Map<TargetPath, Pin> {
  const pins = new Map<TargetPath, Pin>();
  for (const target of targets) {
    const text = files.get(pinPath(target));
    if (text !== undefined) pins.set(target, parsePin(text, pinPath(target)));
  }
  return pins;
}

/** `rollback --base COMMIT --head COMMIT`: whether a change only brings back what main had, so that the short check is enough. */
export async function rollbackCommand(args: readonly string[]): Promise<Ended> {
  const { values } = readArguments(args, { base: { type: 'string' }, head: { type: 'string' } });
  const base = requiredCommit('--base', values.base);
  const why = await moreThanRollback('.', base, requiredCommit('--head', values.head), await loadProject('.'));
  process.stderr.write(
    why === null
      ? 'This change is a rollback: its pins are what main had before, and its manifests are what main renders of them.\n'
      : `This change is more than a rollback and takes the whole check. ${why}\n`,
  );
  return ended(stepOutputs({ rollback: String(why === null) }));
}
