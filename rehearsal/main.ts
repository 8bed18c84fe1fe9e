import { interruption } from './interruption.ts';
import { LeftBehind } from './left-behind.ts';
import { parseOptions, usage, type RehearsalOptions } from './options.ts';
import { play } from './play/play.ts';
import { setStage } from './play/stage.ts';
import type { PlayRecord } from './record.ts';
import { summarize } from './report/summary.ts';
import { writeReport } from './report/write.ts';
import { makeRunFolder, removeFolder, removeStaleFolders } from './scratch/folder.ts';
import { findProject } from './scratch/project.ts';
import { makeSteps, type Steps } from './terminal/steps.ts';
import { judge } from './verdict/judge.ts';
import { WrongUse } from './wrong-use.ts';

const interrupted = interruption();
try {
  const options = parseOptions(process.argv.slice(2), process.env);
  process.exitCode = options === null ? help() : await rehearse(options, interrupted);
} catch (error) {
  process.exitCode = exitCode(error);
}

/** Plays, judges and reports. Returns the exit code of the verdict. */
async function rehearse(options: RehearsalOptions, signal: AbortSignal): Promise<number> {
  const startedAt = Date.now();
  const screen = process.stderr;
  const steps = makeSteps(
    { write: (text) => screen.write(text), columns: screen.isTTY ? screen.columns : null },
    startedAt,
  );
  const project = await findProject({ directory: process.cwd(), environment: process.env, signal });
  if (project.uncommitted > 0) {
    steps.done(`${project.uncommitted} files are not committed: what is rehearsed is the last commit`);
  }
  await removeStaleFolders();
  const folder = await makeRunFolder();
  try {
    const playOnce = (settings: PlayRecord['settings']): Promise<PlayRecord> =>
      playOn(project.directory, folder, settings, options, steps, signal);
    const main = await playOnce(options.baseline ?? 'ours');
    const control = options.control ? await playOnce('original') : null;
    const report = judge(main, control);
    await writeReport(options.reportDirectory, report);
    process.stdout.write(options.json ? `${JSON.stringify(report, null, 2)}\n` : `${summarize(report)}\n`);
    return report.verdict === 'passed' ? 0 : 1;
  } finally {
    steps.end();
    await removeFolder(folder);
  }
}

async function playOn(
  project: string,
  folder: string,
  settings: PlayRecord['settings'],
  options: RehearsalOptions,
  steps: Steps,
  signal: AbortSignal,
): Promise<PlayRecord> {
  const stage = await setStage(project, folder, settings, options, steps, signal);
  try {
    return await play(stage);
  } finally {
    steps.end();
    await stage.strike();
  }
}

function help(): number {
  process.stdout.write(`${usage}\n`);
  return 0;
}

function exitCode(error: unknown): number {
  if (interrupted.aborted && !(error instanceof LeftBehind)) {
    process.stderr.write('rehearse: interrupted; everything is taken down.\n');
    return 130;
  }
  process.stderr.write(`rehearse: ${error instanceof Error ? error.message : String(error)}\n`);
  return error instanceof WrongUse ? 2 : 3;
}
