import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { json } from 'node:stream/consumers';
import { onTestFinished } from 'vitest';
import type { GitHub } from '../../../github/api.ts';
import { isRecord } from '../../../settings/sentences.ts';
import type { Remote } from '../remote.ts';

/** A pull request as this server keeps it. */
export interface Kept {
  readonly number: number;
  readonly head: string;
  readonly title: string;
  readonly body: string;
  readonly state: string;
}

/** GitHub's pull requests of example/zerodrop on localhost, gone when the test ends. */
export interface GitHubServer {
  readonly github: GitHub;
  readonly pullRequests: readonly Kept[];
  /** Method, path and authorization of each request. */
  readonly asked: readonly string[];
  /** Answers every request so from now on. */
  refuse(status: number, answer: string): void;
}

/**
 * Starts the server. It keeps GitHub's rules and answers 422 to a second open pull request of a head, and where the remote is given, to
 * one of a head that has no commit which main has not.
 */
export async function gitHubServer(remote?: Remote): Promise<GitHubServer> {
  const pullRequests: Kept[] = [];
  const asked: string[] = [];
  let refusal: { readonly status: number; readonly answer: string } | null = null;
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const url = new URL(request.url ?? '', 'http://localhost');
    asked.push(`${request.method} ${url.pathname}${url.search} ${request.headers.authorization}`);
    const said: unknown = request.method === 'GET' ? {} : await json(request);
    const [status, content] =
      refusal === null ? reply(pullRequests, remote, request.method, url, said) : [refusal.status, refusal.answer];
    response.writeHead(status).end(typeof content === 'string' ? content : JSON.stringify(content));
  };
  const server = createServer((request, response) => void answer(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  const port = isRecord(address) ? address['port'] : 0;
  return {
    github: { api: `http://127.0.0.1:${port}`, owner: 'example', name: 'zerodrop', token: 'secret-token' },
    pullRequests,
    asked,
    refuse: (status, words) => (refusal = { status, answer: words }),
  };
}

type Reply = readonly [status: number, content: unknown];

function reply(kept: Kept[], remote: Remote | undefined, method: string | undefined, url: URL, said: unknown): Reply {
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
    if (remote?.git('rev-list', '--max-count=1', head, '^main') === '') {
      return invalid(`No commits between main and ${head}`);
    }
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
