import { askGitHub } from '../../github/ask.ts';
import type { GitHub } from '../../github/place.ts';
import { cutToLines } from '../cut.ts';

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
