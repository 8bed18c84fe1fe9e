import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { OperationError, UsageError } from 'zerodrop/errors';
import { type GitHub, askGitHub, gitHubFrom } from '../github/api.ts';
import { cutToLines } from '../github/texts.ts';
import { loadSettings } from '../settings/load.ts';
import { clusterFolder } from '../settings/settings.ts';
import { type Ended, ended, readArguments, required, requiredCluster } from './command.ts';
import { planReport } from './plan-report.ts';
import { workflowStack } from './terraform.ts';

/** GitHub refuses a longer comment. */
const longestComment = 65_536;

const page = 100;

/** What of a comment matters here. */
interface Comment {
  readonly id: number;
  readonly body: string;
  readonly byBot: boolean;
}

/**
 * Writes a comment under a pull request, or mends the one that is there on the same topic: the newest plan is the only
 * one that counts.
 */
export async function writeComment(github: GitHub, pullRequest: number, topic: string, text: string): Promise<void> {
  const body = commentBody(topic, text);
  const before = await findComment(github, pullRequest, topic);
  if (before === null) await askGitHub(github, 'POST', `issues/${pullRequest}/comments`, { body });
  else await askGitHub(github, 'PATCH', `issues/comments/${before.id}`, { body });
}

/** The comment with a mark that readers don't see, within GitHub's limit. */
export function commentBody(topic: string, text: string): string {
  const hidden = `${mark(topic)}\n`;
  return `${hidden}${cutToLines(text, longestComment - hidden.length)}`;
}

function mark(topic: string): string {
  return `<!-- zerodrop: ${topic} -->`;
}

async function findComment(github: GitHub, pullRequest: number, topic: string): Promise<Comment | null> {
  for (let number = 1; ; number += 1) {
    const path = `issues/${pullRequest}/comments?per_page=${page}&page=${number}`;
    const comments = readComments(await askGitHub(github, 'GET', path));
    // A person can quote the mark; what they wrote stays theirs.
    const found = comments.find(({ body, byBot }) => byBot && body.startsWith(mark(topic)));
    if (found !== undefined) return found;
    if (comments.length < page) return null;
  }
}

function readComments(answer: unknown): Comment[] {
  if (!Array.isArray(answer)) return [];
  return answer.map(({ id, body, user }: { id: number; body: string | null; user: { type: string } | null }) => ({
    id,
    body: body ?? '',
    byBot: user?.type === 'Bot',
  }));
}

/** In bytes: the plan of an empty project is a tenth of it. */
const mostBytes = 4 * 1024 * 1024;

/**
 * The text of a file that another job has left, which may have run anybody's code. Throws {@link OperationError} for one that is not a
 * plain file (a link could lead to a secret of this job), or longer than any plan.
 */
export async function readUntrusted(file: string): Promise<string> {
  const handle = await open(file, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK).catch((cause) => {
    throw new OperationError(`${file} is missing, or is not a regular file. The job that plans has to write it.`, {
      cause,
    });
  });
  try {
    const stats = await handle.stat();
    if (!stats.isFile()) throw new OperationError(`${file} is not a regular file.`);
    if (stats.size > mostBytes)
      throw new OperationError(`${file} has ${stats.size} bytes, but a plan has at most ${mostBytes}.`);
    return await handle.readFile('utf8');
  } finally {
    await handle.close();
  }
}

/**
 * `comment STACK --plan FILE --pull-request N`: writes Terraform's words about a stack under the pull request, over those that were
 * there. Runs main's code with a right to write, on the words of a job that ran the pull request's.
 */
export async function commentCommand(args: readonly string[]): Promise<Ended> {
  const { values, positionals } = readArguments(
    args,
    { cluster: { type: 'string' }, 'pull-request': { type: 'string' }, plan: { type: 'string' } },
    1,
  );
  const number = required('--pull-request', values['pull-request']);
  if (!/^[1-9]\d*$/.test(number)) {
    throw new UsageError(`--pull-request is ${JSON.stringify(number)}, expected a number.`);
  }
  const stack = workflowStack(positionals[0]);
  const text = await readUntrusted(required('--plan', values.plan));
  const settings = await loadSettings('.');
  const title = `${clusterFolder(settings, requiredCluster(values.cluster, settings))}${stack}`;
  const github = gitHubFrom(process.env, settings.repository);
  await writeComment(github, Number(number), `plan ${title}`, planReport(title, text));
  return ended();
}
