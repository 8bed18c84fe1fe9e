import { readFile } from 'node:fs/promises';
import { OperationError } from 'zerodrop/errors';
import { git } from 'zerodrop/git';
import { type Receipt, receiptWords } from 'zerodrop/verify';
import { askGitHub, type GitHub, gitHubFrom } from '../github/api.ts';
import { readReceipt } from '../release/receipts.ts';
import { readImage } from '../settings/image.ts';
import { loadSettings } from '../settings/load.ts';
import { findEnvironment } from '../settings/settings.ts';
import {
  type Ended,
  ended,
  knownEnvironment,
  readArguments,
  required,
  requiredService,
  stepOutputs,
} from './command.ts';

/** GitHub cuts what is longer (docs.github.com, "Create a commit status" and "Create a deployment status"). */
const longestDescription = 140;

/** How a verdict stands in a commit status, and in the status of a deployment; null where it says nothing of it. */
const states = {
  lossless: ['success', 'success'],
  lossy: ['failure', 'failure'],
  inconclusive: ['error', null],
} as const;

/** The run that tells, as GitHub's variables name it; null elsewhere. */
function runOf({ GITHUB_SERVER_URL: server, GITHUB_REPOSITORY: place, GITHUB_RUN_ID: run }: NodeJS.ProcessEnv) {
  return server === undefined || place === undefined || run === undefined
    ? null
    : `${server}/${place}/actions/runs/${run}`;
}

/**
 * Reports a receipt where Argo CD reports rollouts: as a status of the commit that was released, and as one of its deployment, which is made
 * where there is none.
 *
 * @param target `ENVIRONMENT/SERVICE`
 * @param page where a person reads more; null for nowhere
 */
export async function reportReceipt(
  github: GitHub,
  receipt: Receipt,
  { commit, target, page }: { readonly commit: string; readonly target: string; readonly page: string | null },
): Promise<void> {
  const [state, deployed] = states[receipt.verdict];
  const words = receiptWords(receipt);
  const description = words.length > longestDescription ? `${words.slice(0, longestDescription - 1)}…` : words;
  const link = page === null ? {} : { target_url: page };
  await askGitHub(github, 'POST', `statuses/${commit}`, { state, context: `receipt/${target}`, description, ...link });
  if (deployed === null) return;
  const query = `sha=${commit}&environment=${encodeURIComponent(target)}&per_page=1`;
  const made = { ref: commit, environment: target, auto_merge: false, required_contexts: [] };
  const id =
    idOf(firstOf(await askGitHub(github, 'GET', `deployments?${query}`))) ??
    idOf(await askGitHub(github, 'POST', 'deployments', made));
  if (id === null) throw new OperationError('GitHub answers with something that is no deployment.');
  const log = page === null ? {} : { log_url: page };
  await askGitHub(github, 'POST', `deployments/${id}/statuses`, { state: deployed, description, ...log });
}

function firstOf(answer: unknown): unknown {
  return Array.isArray(answer) ? answer[0] : undefined;
}

function idOf(answer: unknown): number | null {
  const { id } = Object(answer) as Readonly<Record<string, unknown>>;
  return typeof id === 'number' ? id : null;
}

/** The commit that an image was built from, as the trailer of its release says; the release itself where there is none. */
async function sourceOf(directory: string, revision: string): Promise<string> {
  const format = '--format=%(trailers:key=Source-Commit,valueonly=true)';
  const [source = ''] = (await git(directory, 'show', '--no-patch', '--no-show-signature', format, revision)).split(
    '\n',
  );
  return /^[0-9a-f]{40}$/.test(source) ? source : revision;
}

/**
 * `receipt --file FILE --environment NAME [--service NAME]`: reports what a rollout lost at GitHub, and says as outputs what is to be signed:
 * nothing where there is no file. `required` says whether a promotion wants it.
 */
export async function receiptCommand(args: readonly string[]): Promise<Ended> {
  const { values } = readArguments(args, {
    file: { type: 'string' },
    environment: { type: 'string' },
    service: { type: 'string' },
  });
  const settings = await loadSettings('.');
  const [file, name] = [required('--file', values.file), knownEnvironment(values.environment, settings)];
  const environment = findEnvironment('--environment', name, settings);
  const isRequired = typeof environment !== 'string' && environment.receipts?.required === true;
  const outputs = { required: String(isRequired) };
  const text = await readFile(file, 'utf8').catch(() => null);
  if (text === null) return ended(stepOutputs(outputs));
  const receipt = readReceipt(text);
  if (receipt === null)
    throw new OperationError(`${file} holds no receipt. npm run release -- verify --receipt writes one.`);
  const image = readImage(receipt.image ?? '');
  if (typeof image === 'string' || receipt.revision === null) {
    throw new OperationError(`The receipt in ${file} is about no image by its digest, or about no commit.`);
  }
  const github = gitHubFrom(process.env, settings.repository, {
    option: 'receipt',
    rights: 'write commit statuses and deployments',
  });
  const target = `${name}/${requiredService(values.service, settings).name}`;
  const commit = await sourceOf('.', receipt.revision);
  await reportReceipt(github, receipt, { commit, target, page: runOf(process.env) });
  return ended(stepOutputs({ ...outputs, name: image.repository, digest: image.digest }));
}
