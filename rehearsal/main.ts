import { compare } from './compare/compare.ts';
import { comparisonTable } from './compare/table.ts';
import { writeComparison } from './compare/write.ts';
import { interruption } from './interruption.ts';
import { LeftBehind } from './left-behind.ts';
import { parseOptions, usage, type RehearsalOptions } from './options.ts';
import { play } from './play/play.ts';
import { type Production, setStage } from './play/stage.ts';
import type { PlayRecord } from './record.ts';
import { summarize } from './report/summary.ts';
import { coloured, plain } from './report/text/paint.ts';
import { writeReport } from './report/write.ts';
import { makeRunFolder, removeFolder, removeStaleFolders } from './scratch/folder.ts';
import { findProject } from './scratch/project.ts';
import { makeSteps } from './terminal/steps.ts';
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
  signal.addEventListener('abort', () => steps.done('interrupted: taking everything down'));
  const project = await findProject({ directory: process.cwd(), environment: process.env, signal });
  if (project.uncommitted > 0) {
    steps.done(`${project.uncommitted} files are not committed: what is rehearsed is the last commit`);
  }
  await removeStaleFolders();
  const folder = await makeRunFolder();
  const production = { project: project.directory, folder, options, steps, signal };
  const main = async (on: Production['on']): Promise<PlayRecord> =>
    playOn({ ...production, settings: options.baseline ?? 'ours', on });
  try {
    if (options.compare) return await compareBoth(await main('embedded'), await main('context'), options);
    if (options.preflight !== null) return await askBefore(production, options.preflight);
    const on = options.context === null ? 'embedded' : 'context';
    const record = await main(on);
    const control = options.control ? await playOn({ ...production, settings: 'original', on }) : null;
    const report = judge(record, control);
    await writeReport(options.reportDirectory, report);
    show(options, report, summarize(report, process.stdout.isTTY ? coloured : plain));
    return report.verdict === 'passed' ? 0 : 1;
  } finally {
    steps.end();
    await removeFolder(folder);
  }
}

async function compareBoth(embedded: PlayRecord, real: PlayRecord, options: RehearsalOptions): Promise<number> {
  const [here, there] = [judge(embedded, null), judge(real, null)];
  const comparison = compare(here, there);
  await writeComparison(options.reportDirectory, here, there, comparison);
  show(options, comparison, comparisonTable(comparison));
  return here.verdict === 'passed' && there.verdict === 'passed' ? 0 : 1;
}

async function askBefore(production: Omit<Production, 'settings' | 'on'>, context: string): Promise<number> {
  const { preflight } = await import('./preflight/preflight.ts');
  const findings = await preflight({ ...production, settings: 'ours', on: 'context' }, context, process.env);
  const problems = findings.flatMap((finding) => finding.problems);
  show(production.options, findings, `Preflight: ${problems.length === 0 ? 'all is well' : problems.join('\n')}`);
  return problems.length === 0 ? 0 : 1;
}

async function playOn(production: Production): Promise<PlayRecord> {
  const stage = await setStage(production);
  try {
    return await play(stage);
  } finally {
    production.steps.end();
    await stage.strike();
  }
}

function show({ json }: RehearsalOptions, whole: unknown, text: string): void {
  process.stdout.write(json ? `${JSON.stringify(whole, null, 2)}\n` : `${text}\n`);
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
