import path from 'node:path';
import { UsageError } from '../../errors.ts';
import type { PlayRecord } from '../cluster.ts';
import { at, serviceContainer } from '../manifests/object.ts';
import type { ControlSettings, Rehearsed } from '../manifests/rehearsed.ts';
import type { RehearsalOptions } from '../options.ts';
import type { Report } from '../report/schema.ts';
import { coloured, isColoured, plain, summarize } from '../report/summary.ts';
import { outcome } from '../report/words.ts';
import { writeReport, writeSamples } from '../report/write.ts';
import { stepsOf } from '../terminal.ts';
import { judge } from '../verdict/judge.ts';
import { type Act, type Scene, scenes } from './scenes.ts';
import type { PlayRequest } from './setup.ts';
import type { RunRequest, Sides } from './sides.ts';

/** Plays a scene once. */
export type PlayOn = (
  asked: Pick<PlayRequest, 'settings' | 'on' | 'scene'> & Partial<Pick<PlayRequest, 'untilLost' | 'steps' | 'signal'>>,
) => Promise<PlayRecord>;

/** Plays one scene after the other, each with a report of its own. Returns the worst of their exit codes. */
export async function playScenes(
  playOn: PlayOn,
  isDrained: boolean,
  sides: Sides,
  request: RunRequest,
): Promise<number> {
  const { options, steps, signal } = request;
  const refused = refusals(sides, options);
  const [only, ...others] = options.scenes;
  if (only !== undefined && others.length === 0) {
    const report = await playAndReport(playOn, only, isDrained, request);
    show(options, report, summarize(report, isColoured(process.stdout.isTTY, process.env) ? coloured : plain));
    process.stderr.write(`\nThe whole report: ${path.join(options.reportDirectory, 'report.html')}\n`);
    return exitCodes[report.verdict];
  }
  const reports: Report[] = [];
  const lines: string[] = [];
  let worst = 0;
  for (const scene of options.scenes) {
    const why = refused.get(scene);
    if (why !== undefined) {
      lines.push(`${scene.name}: not played: ${why}`);
      continue;
    }
    steps.done(`scene ${scene.name}: ${scene.expected}`);
    const reportDirectory = path.join(options.reportDirectory, scene.name);
    try {
      const one = { ...request, options: { ...options, reportDirectory } };
      const report = await playAndReport(playOn, scene, isDrained, one);
      reports.push(report);
      lines.push(`${scene.name}: ${outcome(report)}`);
      worst = worse(worst, exitCodes[report.verdict]);
    } catch (error) {
      // The others are worth playing all the same.
      if (signal.aborted) throw error;
      lines.push(`${scene.name}: not played: ${error instanceof Error ? error.message : String(error)}`);
      worst = worse(worst, error instanceof UsageError ? 2 : 3);
    }
    steps.done(lines.at(-1) ?? '');
  }
  show(options, reports, lines.join('\n'));
  process.stderr.write(`\nThe whole reports: ${options.reportDirectory}\n`);
  return worst;
}

/** Why scenes can't be played here. Throws {@link UsageError} where one of them was named, and not just all of them. */
function refusals({ before: { committed } }: Sides, options: RehearsalOptions): ReadonlyMap<Scene, string> {
  const refused = new Map<Scene, string>();
  for (const scene of options.scenes) {
    const why = refusal(scene, options, committed);
    if (why !== null && options.scenes !== scenes) throw new UsageError(why);
    if (why !== null) refused.set(scene, why);
  }
  return refused;
}

async function playAndReport(
  playOn: PlayOn,
  scene: Scene,
  isDrained: boolean,
  { options, steps, signal }: RunRequest,
): Promise<Report> {
  const asked = options.control === 'as the scene says' ? scene.control : options.control;
  const controlled = asked === null || isDrained ? asked : 'original';
  const on = options.context === null ? 'embedded' : 'context';
  const mainFailed = new AbortController();
  const playControl = async (settings: ControlSettings): Promise<PlayRecord> =>
    playOn({
      settings,
      on,
      scene,
      untilLost: true,
      steps: stepsOf('control', steps),
      signal: AbortSignal.any([signal, mainFailed.signal]),
    });
  // Beside the play where that is on this machine, which has done with the control before the first rollout has done with its pods.
  const beside = controlled !== null && on === 'embedded' ? playControl(controlled) : null;
  beside?.catch(() => undefined);
  const record = await playOn({ settings: options.baseline ?? 'ours', on, scene }).catch(async (error: unknown) => {
    mainFailed.abort();
    await beside?.catch(() => undefined);
    throw error;
  });
  await writeSamples(options.reportDirectory, record);
  // What was played is kept even where the control can't be.
  if (controlled !== null) await writeReport(options.reportDirectory, judge(record, null));
  const control = controlled === null ? null : await (beside ?? playControl(controlled));
  const report = judge(record, control);
  await writeReport(options.reportDirectory, report);
  steps.judged(report.verdict, outcome(report));
  return report;
}

/** The exit code of each verdict. */
export const exitCodes = { passed: 0, failed: 1, inconclusive: 4 } as const;

/** The worse of two exit codes: what could not be played says less than what failed. */
export function worse(...codes: readonly number[]): number {
  return [3, 2, 1, 4].find((code) => codes.includes(code)) ?? 0;
}

/** Prints a report, or what it is in words. */
export function show({ json }: RehearsalOptions, whole: unknown, text: string): void {
  process.stdout.write(json ? `${JSON.stringify(whole, null, 2)}\n` : `${text}\n`);
}

/** Why a scene can't be played here, as a sentence; null where it can. */
export function refusal(
  { name, steps }: Scene,
  options: RehearsalOptions,
  rehearsed: Pick<Rehearsed, 'deployment' | 'autoscaler'>,
): string | null {
  const why = steps.map(({ does }) => refusedAct(does, options, rehearsed)).find((one) => one !== null) ?? null;
  return why === null ? null : `The scene ${name} can't be played here: ${why}`;
}

function refusedAct(
  act: Act,
  { context }: RehearsalOptions,
  { deployment, autoscaler }: Pick<Rehearsed, 'deployment' | 'autoscaler'>,
): string | null {
  if (act.kind === 'release') {
    const { fault, version } = act;
    const isGiven = context !== null && 'given' in context.images;
    const isBuilt = version > 2 || (fault !== undefined && fault !== 'missing' && fault !== 'withheld');
    if (isGiven && isBuilt) return '--images names two versions that are as they are. Have them built by --registry.';
    const isProbed = fault === 'errors' || fault === 'never ready';
    return isProbed && at(serviceContainer(deployment), 'readinessProbe', 'httpGet') === undefined
      ? 'the readiness probe of the service is not by HTTP, which a bad version answers.'
      : null;
  }
  if (act.kind === 'scale' && autoscaler !== null && autoscaler.min === autoscaler.max)
    return 'the autoscaler keeps one number of pods.';
  if (act.kind === 'lag' && context !== null) return 'the lag of a real cluster is its own.';
  const part = act.kind === 'away' || act.kind === 'back' ? act.part : act.kind === 'kill' ? act.kind : null;
  if (part === null || (context === null && part !== 'api-server')) return null;
  if (context === null) {
    return 'the embedded cluster lives in its API server. Name a cluster of your own by --context and --own-cluster.';
  }
  if (part === 'git') {
    return context.repository === null ? null : '--repository is a remote that others use, too. Leave it out.';
  }
  return context.ownCluster?.[part] === undefined
    ? `it needs a cluster that is your own. Say how by the key ${part} of --own-cluster FILE.`
    : null;
}
