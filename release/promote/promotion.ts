import { OperationError, UsageError } from 'zerodrop/errors';
import { partsOf, type Pin, pinPath, type TargetPath } from '../../apps/pins.ts';
import { loadProject, type Target } from '../../apps/project.ts';
import { harmlessLine } from '../../github/texts.ts';
import { activeFreeze, type Freeze, type Settings } from '../../settings/settings.ts';
import { commitMessage, readSourceCommit } from '../commit-message.ts';
import { commitStaged, judgeStaged } from '../guard.ts';
import { decide, type Decision, pinnedNow, readHistory } from '../history/decision.ts';
import { readPinAt, readPinChanges, samePin } from '../history/pin-changes.ts';
import type { Allowance } from '../options.ts';
import { parseImageReference } from '../outcome.ts';
import type { Surroundings } from '../publish/race.ts';
import { branchOf, pinAndRender, requireRenderedArgo, requireTarget } from '../publish/render.ts';
import type { Tree } from '../publish/tree.ts';
import { bodyOf, commitsBetween, renderedDifference } from '../pull-request/body.ts';
import type { Draft } from '../pull-request/offer.ts';
import { type ReadReceipts, receiptProblem } from '../receipts.ts';

/** What one environment runs, for the next one. */
export interface PromotionRequest {
  /** The only one unless said. */
  readonly service?: string | undefined;
  readonly from: string;
  readonly to: string;
  /** Only what this commit of main pinned is offered, 40 hex digits: what was verified. Null for whatever runs. */
  readonly commit: string | null;
  /** Offers also what was rolled back. */
  readonly again: boolean;
  readonly allowance: Allowance | null;
  /** Reads the receipts of an image. */
  readonly receipts: ReadReceipts;
  /** Why it is promoted without one; null where it is not. */
  readonly withoutReceipt: string | null;
}

/** Why there is nothing to promote. */
export type NothingToPromote =
  | { readonly kind: 'unchanged'; readonly pinned: Pin }
  /** A newer release is running. Its own job decides about the open pull request. */
  | { readonly kind: 'moved-on'; readonly pinned: Pin; readonly leavesOpen: true }
  /** The environment takes no promotion now. The open pull request waits, and its check refuses it until then. */
  | { readonly kind: 'frozen'; readonly freeze: Freeze; readonly leavesOpen: true }
  /** The environment that runs it requires a receipt that nothing was lost. The open pull request may be of one that has it. */
  | { readonly kind: 'no-receipt'; readonly problem: string; readonly leavesOpen: true }
  | Exclude<Decision, { readonly kind: 'go' }>;

/** One step of a chain of environments. */
export type Step = Pick<PromotionRequest, 'from' | 'to'>;

/**
 * The steps that a command line means. Each end that it leaves out follows from `after` in the settings: from an environment to all that
 * come after it, or to one from the environment before it. Throws {@link UsageError} where it does not say which step.
 */
export function stepsOf(
  from: string | undefined,
  to: string | undefined,
  settings: Pick<Settings, 'environments'>,
): readonly Step[] {
  const all = settings.environments.flatMap(({ name, after }) =>
    after === undefined ? [] : [{ from: after, to: name }],
  );
  if (from !== undefined && to !== undefined) {
    if (from !== to) return [{ from, to }];
    throw new UsageError(`--from and --to are both ${from}. A promotion goes from one to another.`);
  }
  if (from !== undefined) return all.filter((step) => step.from === from);
  const [only, ...more] = to === undefined ? all : all.filter((step) => step.to === to);
  if (only !== undefined && more.length === 0) return [only];
  if (to !== undefined) {
    throw new UsageError(
      `--to is ${to}, which comes after no environment in settings.ts: it takes its releases from the build. Name another, or add --from.`,
    );
  }
  const known = all.map((step) => `${step.from} to ${step.to}`).join(', ');
  throw new UsageError(
    known === ''
      ? '--from and --to are missing, and in settings.ts no environment comes after another. Name both.'
      : `--from is missing, and settings.ts has several steps: ${known}. Name the environment that runs it.`,
  );
}

/** The branch of the one open promotion of a service to an environment. */
export function promotionBranch(service: string, to: string): string {
  return branchOf('promote', { service, environment: to });
}

/**
 * Makes the commit and the words of a promotion, on the main that a tree stands on. What the guard refuses is offered all the same, with
 * its words: people decide, and the check of the pull request refuses it again. Throws UsageError for environments that the
 * settings do not know, and OperationError where there is nothing to promote from.
 */
export async function draftPromotion(
  { service: asked, from, to, commit: verified, again, allowance, receipts, withoutReceipt }: PromotionRequest,
  surroundings: Surroundings,
  tree: Tree,
): Promise<Draft | NothingToPromote> {
  const project = await loadProject(tree.directory, asked);
  const runs = requireTarget({ environment: from, service: asked }, project, '--from');
  const target = requireTarget({ environment: to, service: asked }, project, '--to');
  const source = runs.path;
  const service = target.service.name;
  const wanted = pinnedNow(await readPinChanges(tree, source));
  if (wanted === null) {
    throw new OperationError(
      `${from} runs no release, so there is none to promote: ${pinPath(source)} is not on main.`,
    );
  }
  if (verified !== null && !samePin(await pinnedAt(tree, source, verified), wanted)) {
    return { kind: 'moved-on', pinned: wanted, leavesOpen: true };
  }
  const changes = await readPinChanges(tree, target.path);
  const pinned = pinnedNow(changes);
  if (pinned !== null && samePin(pinned, wanted)) return { kind: 'unchanged', pinned };
  const decision = decide(await readHistory(tree, changes, wanted), again);
  if (decision.kind !== 'go') return decision;
  const freeze = activeFreeze(target.environment, surroundings.dateMs());
  if (freeze !== null) return { kind: 'frozen', freeze, leavesOpen: true };
  const image = parseImageReference(wanted.image);
  if (requiresReceipt(runs) && withoutReceipt === null) {
    const of = { environment: from, rollout: runs.name, digest: image.digest };
    const problem = receiptProblem(await receipts(image.digest), of);
    if (problem !== null) return { kind: 'no-receipt', problem, leavesOpen: true };
  }

  await pinAndRender(tree, target.path, wanted, surroundings);
  await requireRenderedArgo(tree);
  const { changed, refusals, allowed, used, forecast } = await judgeStaged(tree, allowance);
  const { repository } = project.settings;
  const sourceCommit = await readSourceCommit(tree.directory, wanted.source);
  const note = { service, environment: to, image, source: wanted.source, repository, sourceCommit, replaced: pinned };
  const commit = await commitStaged(tree, commitMessage({ ...note, allowance: used }));
  const body = bodyOf({
    purpose: `Merging this rolls **${service} ${image.tag}** out to **${to}**, as ${from} runs it.${receiptWords(runs, withoutReceipt)}`,
    from: pinned,
    to: wanted,
    direction: 'come',
    commits: pinned === null ? null : await commitsBetween(tree, pinned.source, wanted.source),
    refusals,
    allowed,
    forecast: forecast(),
    diff: await renderedDifference(tree),
    repository,
    command: 'npm run release -- promote',
  });
  return { kind: 'draft', title: `Promote ${service} ${image.tag} to ${to}`, body, commit, changed };
}

/** A worker receives no requests, so its rollout can lose none. */
function requiresReceipt({ environment, workload }: Target): boolean {
  return environment.receipts?.required === true && workload.exposure !== undefined;
}

function receiptWords(runs: Target, withoutReceipt: string | null): string {
  if (!requiresReceipt(runs)) return '';
  if (withoutReceipt === null) return ' Its receipt there says that no request was lost.';
  return ` ⚠️ **No receipt was asked for**, which ${runs.environment.name} requires: ${harmlessLine(withoutReceipt)}`;
}

async function pinnedAt(tree: Tree, target: TargetPath, commit: string): Promise<Pin> {
  const pin = await readPinAt(tree, target, commit);
  if (pin !== null) return pin;
  throw new OperationError(
    `--commit is ${commit}, where ${partsOf(target).environment} runs no release: ${pinPath(target)} is not there, or no pin. Name a commit of main.`,
  );
}
