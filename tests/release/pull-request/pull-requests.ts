import { isRecord } from '../../../settings/sentences.ts';

/** A pull request of example/zerodrop, as the servers of tests keep it. */
export interface Kept {
  readonly number: number;
  readonly head: string;
  readonly title: string;
  readonly body: string;
  readonly state: string;
}

/** The status of an answer, and what it says. */
export type Reply = readonly [status: number, content: unknown];

/**
 * What GitHub answers a request about pull requests, by its own rules: 422 to a second open one of a head, and to one of a head that has no
 * commit which main has not.
 */
export function replyAboutPullRequests(
  kept: Kept[],
  hasCommits: (head: string) => boolean,
  method: string | undefined,
  url: URL,
  said: unknown,
): Reply {
  const words = isRecord(said) ? said : {};
  if (method === 'GET') {
    const isFound = ({ head, state }: Kept): boolean =>
      state === url.searchParams.get('state') && `example:${head}` === url.searchParams.get('head');
    return [200, kept.filter(isFound).map(shown)];
  }
  if (method === 'POST') {
    const head = String(words['head']);
    if (kept.some((other) => other.head === head && other.state === 'open')) {
      return invalid(`A pull request already exists for example:${head}.`);
    }
    if (!hasCommits(head)) return invalid(`No commits between main and ${head}`);
    kept.push({ number: kept.length + 1, head, title: '', body: '', state: 'open' });
  }
  const number = method === 'POST' ? kept.length : Number(url.pathname.split('/').at(-1));
  const index = kept.findIndex((pullRequest) => pullRequest.number === number);
  const old = kept[index];
  if (old === undefined) return [404, { message: 'Not Found' }];
  const text = (key: 'title' | 'body' | 'state'): string => String(words[key] ?? old[key]);
  const renewed = { ...old, title: text('title'), body: text('body'), state: text('state') };
  kept[index] = renewed;
  return [200, shown(renewed)];
}

function invalid(message: string): Reply {
  return [422, { message: 'Validation Failed', errors: [{ message }] }];
}

function shown({ number }: Kept): object {
  return { number, html_url: `https://github.com/example/zerodrop/pull/${number}` };
}
