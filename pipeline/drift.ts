import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { OperationError, UsageError } from 'zerodrop/errors';
import { ApiError, connect } from 'zerodrop/rollout';
import { argoNamespace } from '../apps/argo/application.ts';
import { compareInstalled } from '../cluster/installed/installed.ts';
import { repositoryPage } from '../github/address.ts';
import { askGitHub, type GitHub, GitHubError, gitHubFrom } from '../github/api.ts';
import { cutToLines, fenced, visible } from '../github/texts.ts';
import { contextOf, resolveGoogle } from '../settings/google/resolve.ts';
import { loadSettings } from '../settings/load.ts';
import { type Ended, ended, longestText, readArguments, required, requiredCluster } from './command.ts';

// As cluster/stacks/argocd.ts names them. What policy-controller is made of is not compared: it fills in its own webhooks.
const releases = ['argocd', 'root'];
const admitting = 'admission';

/** `installed`: compares what Helm has installed, by its own record, with what the cluster has now. */
export async function installedCommand(args: readonly string[]): Promise<Ended> {
  const { values } = readArguments(args, {
    cluster: { type: 'string' },
    context: { type: 'string' },
    namespace: { type: 'string', default: argoNamespace },
  });
  const settings = await loadSettings('.');
  const own = requiredCluster(values.cluster, settings);
  const context = values.context ?? contextOf(settings, own);
  const isAdmitting = repositoryPage(settings.repository) !== null && resolveGoogle(own.google).admission !== 'off';
  try {
    const cluster = await connect(context);
    const { compared, problems } = await compareInstalled(cluster, values.namespace, [
      ...releases,
      ...(isAdmitting ? [admitting] : []),
    ]);
    const remedy = `${problems.length} differences in ${compared} objects. docs/how-to/change-a-cluster.md, "What was changed by hand", says how to restore them.`;
    return {
      stdout:
        problems.length === 0 ? `${compared} objects are as Helm installed them; Secrets are not compared.\n` : '',
      problems: problems.length === 0 ? [] : [...problems, remedy],
    };
  } catch (error) {
    if (error instanceof ApiError || error instanceof UsageError)
      throw new OperationError(error.message, { cause: error });
    throw error;
  }
}

/** Whether anything differs from git, by how the jobs ended that compare it: one that could not compare counts as a difference. */
type Drift = 'found' | 'none' | 'unknown';

/** How the jobs ended, by the context `needs`. */
type Needs = Readonly<Record<string, { readonly result: string }>>;

function driftOf(needs: Needs): Drift {
  const results = Object.values(needs).map(({ result }) => result);
  if (results.includes('failure')) return 'found';
  return results.every((result) => result === 'success') ? 'none' : 'unknown';
}

const verdicts: Readonly<Record<Drift, string>> = {
  found: 'Something differs from what git says, or could not be compared.',
  none: 'Nothing differs from what git says.',
  unknown: 'Not everything was compared.',
};

/** What differs, in Markdown: how each job ended, then the words of each by its file, folded. */
function driftReport(needs: Needs, words: ReadonlyMap<string, string>, run: string): string {
  const rows = Object.entries(needs).map(([job, { result }]) => `| ${job} | ${result} |`);
  const details = [...words].map(([file, text]) => {
    const told = file.endsWith('.md') ? text : fenced(visible(text.trim()));
    return `<details><summary>${file}</summary>\n\n${told.trim()}\n\n</details>\n`;
  });
  const remedy =
    'What to do then: `docs/how-to/bring-up.md`, "What was changed by hand", and for GitHub `npm run pipeline -- setup`.';
  const head = [`${verdicts[driftOf(needs)]} [The run](${run}).\n`, '| job | result |', '| --- | --- |', ...rows, ''];
  return cutToLines([...head, remedy, '', ...details].join('\n'), longestText);
}

/** Tells the issue that this command keeps from those of people, who may quote it. */
const mark = '<!-- zerodrop: drift -->';

interface Issue {
  readonly number: number;
  readonly body?: string | null;
  readonly user?: { readonly type?: string } | null;
}

/** Keeps one issue open while something differs: opens it, writes over it, and closes it when nothing does. */
async function keepIssue(github: GitHub, drift: Drift, report: string): Promise<void> {
  const listed = await askGitHub(github, 'GET', 'issues?labels=drift&state=open&per_page=100').catch(
    (error: unknown) => {
      // Issues are off: what differs is in the summary of the run.
      if (error instanceof GitHubError && error.status === 410) return null;
      throw error;
    },
  );
  if (listed === null || drift === 'unknown') return;
  const issues: readonly Issue[] = Array.isArray(listed) ? listed : [];
  const own = issues.find(({ body, user }) => body?.startsWith(mark) === true && user?.type === 'Bot');
  const body = `${mark}\n${report}`;
  if (own !== undefined) {
    const end = drift === 'none' ? { state: 'closed', state_reason: 'completed' } : {};
    await askGitHub(github, 'PATCH', `issues/${own.number}`, { body, ...end });
  } else if (drift === 'found') {
    const title = 'What is there differs from git';
    await askGitHub(github, 'POST', 'issues', { title, body, labels: ['drift'] });
  }
}

/** `drift DIR`: what the jobs that compare have left in a folder, for the summary of the run, and in one issue while anything differs. */
export async function driftCommand(args: readonly string[]): Promise<Ended> {
  const { positionals } = readArguments(args, {}, 1);
  const folder = required('The folder', positionals[0]);
  const needs: Needs = JSON.parse(required('The variable NEEDS', process.env['NEEDS']));
  const github = gitHubFrom(process.env, (await loadSettings('.')).repository);
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const words = new Map<string, string>();
  for (const file of files.toSorted()) words.set(file.slice(join(folder, '/').length), await readFile(file, 'utf8'));
  const { GITHUB_SERVER_URL: server = '', GITHUB_REPOSITORY: place = '', GITHUB_RUN_ID: id = '' } = process.env;
  const report = driftReport(needs, words, `${server}/${place}/actions/runs/${id}`);
  await keepIssue(github, driftOf(needs), report);
  return ended(`${report}\n`);
}
