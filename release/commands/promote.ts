import type { Ended } from 'zerodrop/command';
import { Interrupted, OperationError, UsageError } from 'zerodrop/errors';
import { commitHash } from 'zerodrop/options';
import { gitHubFrom } from '../../github/api.ts';
import { loadSettings } from '../../settings/load.ts';
import { allowance, pushOptions, pushUsage, readArguments, surroundingsOf, unpushedLine } from '../options.ts';
import { decisionWords, frozenExitCode, frozenReport, named, withdrawnWords } from '../outcome.ts';
import {
  draftPromotion,
  type NothingToPromote,
  promotionBranch,
  type PromotionRequest,
  type Step,
  stepsOf,
} from '../promote/promotion.ts';
import type { Surroundings } from '../publish/race.ts';
import { findWorkingCopy, requireEnvironment, requireService } from '../publish/render.ts';
import { offer, type Offered, preview, renew } from '../pull-request/offer.ts';
import { receiptsAtGitHub } from '../receipts.ts';

const usage = `npm run release -- promote [--from NAME] [--to NAME] [options]

Offers what a service runs in one environment to the environments that come after it, by after in settings.ts. Prints what each pull
request would say: image from and to, the commits between, what the guard says and the rendered difference. With --pull-request it
pushes the branch promote/SERVICE-ENVIRONMENT and opens its pull request, or renews the one that is open: there are never two for one
step. Merging it is the rollout. It reads main at the remote (origin), and nothing of your branch, index and files: what is to count
there has to be pushed.

  --from NAME           the environment that runs it; unless said, the one that --to comes after
  --to NAME             the environment that is to run it; unless said, each one that comes after --from
  --service NAME        one of settings.ts; may be left out where there is one
  --commit COMMIT       only what this commit of main runs, all 40 digits: does nothing where another one runs now
  --renew               opens none: renews or closes the one that is open
  --pull-request        opens or renews it at GitHub, with the token in GH_TOKEN
  --again               offers also what was rolled back
  --without-receipt WHY offers also what has no receipt that nothing was lost, where receipts.required of settings.ts wants one; the pull
                        request says why. Receipts are read at GitHub, with the token in ATTESTATIONS_TOKEN or GH_TOKEN, and with cosign
${pushUsage}

Exit: 0 offered or nothing to promote, 1 its receipt is missing, inconclusive or says that requests were lost, 2 wrong use, 3 it did not get through, or nothing is released yet,
5 an environment is frozen, and what others wait for is done, 130 interrupted.
`;

/** `npm run release -- promote` */
export async function promoteCommand(args: readonly string[], signal: AbortSignal): Promise<Ended> {
  const values = readArguments(
    args,
    {
      ...pushOptions,
      from: { type: 'string' },
      service: { type: 'string' },
      to: { type: 'string' },
      commit: { type: 'string' },
      'pull-request': { type: 'boolean', default: false },
      renew: { type: 'boolean', default: false },
      again: { type: 'boolean', default: false },
      'without-receipt': { type: 'string' },
    },
    'promote ',
  );
  if (values.help) return { stdout: usage, stderr: '', exitCode: 0 };
  if (values.renew && !values['pull-request']) {
    throw new UsageError('--renew is about a pull request: add --pull-request.');
  }
  const settings = await loadSettings(await findWorkingCopy(values.directory));
  const { from, to } = values;
  if (from !== undefined) requireEnvironment(from, settings, '--from');
  if (to !== undefined) requireEnvironment(to, settings, '--to');
  const asked = {
    service: requireService(values.service, settings),
    commit: values.commit === undefined ? null : commitHash('--commit', values.commit),
    again: values.again,
    allowance: allowance(values.allow ?? [], values.because),
    receipts: receiptsAtGitHub(process.env, settings.repository),
    withoutReceipt: values['without-receipt'] ?? null,
  };
  const steps = stepsOf(from, to, settings);
  const surroundings = await surroundingsOf(values, signal);
  process.stderr.write(await unpushedLine(surroundings));
  const way = !values['pull-request'] ? show : values.renew ? renewed : offered;
  const reports = await eachOf(steps, (step) => way({ ...asked, ...step }, settings.repository, surroundings));
  if (reports.length === 0) {
    return { stdout: '', stderr: `Nothing to promote: no environment comes after ${from}.\n`, exitCode: 0 };
  }
  const exitCode = [1, frozenExitCode].find((code) => reports.some((report) => report.exitCode === code)) ?? 0;
  const joined = (output: 'stdout' | 'stderr'): string => reports.map((report) => report[output]).join('');
  return { stdout: joined('stdout'), stderr: joined('stderr'), exitCode };
}

/** Goes all steps, also where one does not get through: none of them waits for another. */
export async function eachOf(steps: readonly Step[], go: (step: Step) => Promise<Ended>): Promise<readonly Ended[]> {
  const [first, ...more] = steps;
  if (first === undefined || more.length === 0) return Promise.all(steps.map(go));
  const ended: Ended[] = [];
  const failures: string[] = [];
  for (const step of steps) {
    try {
      ended.push(await go(step));
    } catch (error) {
      if (!(error instanceof OperationError) || error instanceof Interrupted) throw error;
      failures.push(`To ${step.to}: ${error.message}`);
    }
  }
  if (failures.length === 0) return ended;
  const done = ended.flatMap(({ stdout, stderr }) => [stdout, stderr].map((text) => text.trimEnd()));
  throw new OperationError([...failures, ...done].filter((line) => line !== '').join('\n'));
}

type Asked = PromotionRequest & { readonly service: string };

async function show(request: Asked, _: string, surroundings: Surroundings): Promise<Ended> {
  const made = await preview(draftPromotion.bind(null, request, surroundings), surroundings);
  if (made.kind !== 'draft') return nothingReport(request, made);
  return { stdout: `# ${made.title}\n\n${made.body}\n`, stderr: '', exitCode: 0 };
}

async function offered(request: Asked, repository: string, surroundings: Surroundings): Promise<Ended> {
  const make = draftPromotion.bind(null, request, surroundings);
  const branch = promotionBranch(request.service, request.to);
  return reportOf(request, await offer(branch, make, gitHubFrom(process.env, repository), surroundings));
}

async function renewed(request: Asked, repository: string, surroundings: Surroundings): Promise<Ended> {
  const make = draftPromotion.bind(null, request, surroundings);
  const branch = promotionBranch(request.service, request.to);
  const ended = await renew(branch, make, gitHubFrom(process.env, repository), surroundings);
  if (ended !== null) return reportOf(request, ended);
  return { stdout: '', stderr: `No promotion to ${request.to} is open, so there is none to renew.\n`, exitCode: 0 };
}

function reportOf(request: PromotionRequest, ended: Offered<NothingToPromote>): Ended {
  if (ended.kind === 'offered') return { stdout: `${ended.url}\n`, stderr: '', exitCode: 0 };
  const nothing = nothingReport(request, ended.because);
  return { ...nothing, stderr: nothing.stderr + withdrawnWords(ended.url) };
}

function nothingReport(request: PromotionRequest, nothing: NothingToPromote): Ended {
  if (nothing.kind === 'frozen') return frozenReport(request.to, nothing.freeze);
  if (nothing.kind === 'no-receipt') {
    return { stdout: '', stderr: `Not promoted to ${request.to}. ${nothing.problem}\n`, exitCode: 1 };
  }
  return { stdout: '', stderr: nothingWords(request, nothing), exitCode: 0 };
}

/** Why nothing is offered, in a sentence. */
export function nothingWords(
  { from, to, commit }: Pick<PromotionRequest, 'from' | 'to' | 'commit'>,
  nothing: Exclude<NothingToPromote, { readonly kind: 'frozen' | 'no-receipt' }>,
): string {
  switch (nothing.kind) {
    case 'unchanged':
      return `Nothing to promote: ${to} has it already.\n`;
    case 'moved-on':
      return `Nothing to promote: ${from} runs ${named(nothing.pinned)} now, and not what ${commit?.slice(0, 7)} had. Nothing is changed: the run that released it offers it, or promote without --commit.\n`;
    default:
      return decisionWords(to, nothing);
  }
}
