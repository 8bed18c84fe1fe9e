import { UsageError } from 'zerodrop/errors';
import { gitHubFrom } from '../../github/place.ts';
import { loadSettings } from '../../settings/load.ts';
import { named } from '../names.ts';
import { allowance, commitHash, readArguments, requiredEnvironment } from '../options.ts';
import type { Report } from '../outcome.ts';
import { draftPromotion, type NothingToPromote, promotionBranch, type PromotionRequest } from '../promote/promotion.ts';
import { offer, preview, renew } from '../pull-request/offer.ts';
import { pushOptions, pushUsage, surroundingsOf, unpushedLine } from './options.ts';
import { placingWords, withdrawnWords } from './words.ts';

const usage = `npm run release -- promote --from NAME --to NAME [options]

Offers what one environment runs to another. Prints what the pull request would say: image from and to, the commits between, what
the guard says and the rendered difference. With --pull-request it pushes the branch promote/NAME and opens its pull request, or
renews the one that is open: there are never two. Merging it is the rollout. It reads main at the remote (origin), and
nothing of your branch, index and files: what is to count there has to be pushed.

  --from NAME           the environment that runs it
  --to NAME             the environment that is to run it
  --service NAME        one of settings.ts; may be left out where there is one
  --commit COMMIT       only what this commit of main runs, all 40 digits: does nothing where another one runs now
  --renew               opens none: renews or closes the one that is open
  --pull-request        opens or renews it at GitHub, with the token in GH_TOKEN
  --again               offers also what was rolled back
${pushUsage}

Exit: 0 offered or nothing to promote, 2 wrong use, 3 it did not get through, or nothing is released yet, 130 interrupted.
`;

/** `npm run release -- promote` */
export async function promoteCommand(args: readonly string[], signal: AbortSignal): Promise<Report> {
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
    },
    'promote ',
  );
  if (values.help) return { stdout: usage, stderr: '', exitCode: 0 };
  const from = await requiredEnvironment('--from', values.from, values.directory);
  const to = await requiredEnvironment('--to', values.to, values.directory);
  if (from === to) throw new UsageError(`--from and --to are both ${from}. A promotion goes from one to another.`);
  const request = {
    service: values.service,
    from,
    to,
    commit: values.commit === undefined ? null : commitHash(values.commit, '--commit'),
    again: values.again,
    allowance: allowance(values.allow ?? [], values.because),
  };
  const surroundings = await surroundingsOf(values, signal);
  process.stderr.write(await unpushedLine(surroundings));
  const make = draftPromotion.bind(null, request, surroundings);

  if (values.renew && !values['pull-request']) {
    throw new UsageError('--renew is about a pull request: add --pull-request.');
  }
  if (!values['pull-request']) {
    const made = await preview(make, surroundings);
    if (made.kind !== 'draft') return { stdout: '', stderr: nothingWords(request, made), exitCode: 0 };
    return { stdout: `# ${made.title}\n\n${made.body}\n`, stderr: '', exitCode: 0 };
  }
  const { repository } = await loadSettings(surroundings.directory);
  const [branch, github] = [promotionBranch(request), gitHubFrom(process.env, repository)];
  const offered = await (values.renew ? renew : offer)(branch, make, github, surroundings);
  if (offered === null) {
    return { stdout: '', stderr: `No promotion to ${to} is open, so there is none to renew.\n`, exitCode: 0 };
  }
  if (offered.kind === 'offered') return { stdout: `${offered.url}\n`, stderr: '', exitCode: 0 };
  return { stdout: '', stderr: nothingWords(request, offered.because) + withdrawnWords(offered.url), exitCode: 0 };
}

/** Why nothing is offered, in a sentence. */
export function nothingWords({ from, to, commit }: PromotionRequest, nothing: NothingToPromote): string {
  switch (nothing.kind) {
    case 'unchanged':
      return `Nothing to promote: ${to} has it already.\n`;
    case 'moved-on':
      return `Nothing to promote: ${from} runs ${named(nothing.pinned)} now, and not what ${commit?.slice(0, 7)} had. Nothing is changed: the run that released it offers it, or promote without --commit.\n`;
    default:
      return placingWords(to, nothing);
  }
}
