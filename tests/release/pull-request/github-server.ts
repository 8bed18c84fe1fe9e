import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { json } from 'node:stream/consumers';
import { onTestFinished } from 'vitest';
import type { GitHub } from '../../../github/api.ts';
import { isRecord } from '../../../settings/sentences.ts';
import type { Remote } from '../remote.ts';
import { type Kept, replyAboutPullRequests } from './pull-requests.ts';

/** GitHub's pull requests of example/zerodrop on localhost, gone when the test ends. */
export interface GitHubServer {
  readonly github: GitHub;
  readonly pullRequests: readonly Kept[];
  /** Method, path and authorization of each request. */
  readonly asked: readonly string[];
  /** Answers every request so from now on. */
  refuse(status: number, answer: string): void;
}

/** Starts the server. It knows what a branch has only where the remote is given. */
export async function gitHubServer(remote?: Remote): Promise<GitHubServer> {
  const pullRequests: Kept[] = [];
  const asked: string[] = [];
  let refusal: { readonly status: number; readonly answer: string } | null = null;
  const hasCommits = (head: string): boolean => remote?.git('rev-list', '--max-count=1', head, '^main') !== '';
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const url = new URL(request.url ?? '', 'http://localhost');
    asked.push(`${request.method} ${url.pathname}${url.search} ${request.headers.authorization}`);
    const said: unknown = request.method === 'GET' ? {} : await json(request);
    const [status, content] =
      refusal === null
        ? replyAboutPullRequests(pullRequests, hasCommits, request.method, url, said)
        : [refusal.status, refusal.answer];
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
