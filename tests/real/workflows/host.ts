import { generateKeyPairSync, randomUUID, verify } from 'node:crypto';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { answerByBackend } from 'zerodrop/tests/rehearse/parts.ts';
import { type Kept, replyAboutPullRequests } from '../../release/pull-request/pull-requests.ts';
import { keepImages } from './registry.ts';

/** What a token may do. */
export interface Rights {
  readonly contents: 'read' | 'write';
  readonly pull_requests: 'none' | 'write';
}

/** A comment under a pull request. */
export interface Comment {
  readonly id: number;
  readonly issue: number;
  readonly body: string;
  readonly user: { readonly type: 'Bot' };
}

/** A GitHub of one repository, on this machine, and a registry at the same address. */
export interface Host {
  readonly url: string;
  readonly repository: string;
  readonly app: { readonly clientId: string; readonly key: string; readonly slug: string };
  readonly pullRequests: Kept[];
  readonly comments: Comment[];
  /** Method, path and status of each request that was refused. */
  readonly refused: string[];
  /** Tokens of the App that no job has given back. */
  readonly open: () => number;
  /** Makes a token with these rights. */
  token(rights: Rights): string;
  close(): Promise<void>;
}

const repository = 'example/zerodrop';
const api = `/api/v3/repos/${repository}/`;

/**
 * Serves a bare repository by git's own program, and as much of GitHub's API as the workflows ask. Who reads needs a token, and who writes
 * one with the right to: nothing here is public.
 *
 * @param hasCommits whether a branch has a commit that main has not
 */
export async function serveHost(
  root: string,
  name: string,
  environment: NodeJS.ProcessEnv,
  hasCommits: (branch: string) => boolean,
): Promise<Host> {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2_048 });
  const app = {
    clientId: 'Iv1.play',
    slug: 'shop-release',
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  };
  const tokens = new Map<string, Rights>();
  const ofApp = new Set<string>();
  const pullRequests: Kept[] = [];
  const comments: Comment[] = [];
  const refused: string[] = [];
  const token = (rights: Rights): string => {
    const made = `ghs_${randomUUID()}`;
    tokens.set(made, rights);
    return made;
  };

  /** Whether a signed claim is of the App (docs.github.com, "Generating a JSON Web Token"). */
  const isOfApp = (proof: string): boolean => {
    const [head = '', claims = '', signature = ''] = proof.split('.');
    if (!verify('RSA-SHA256', Buffer.from(`${head}.${claims}`), publicKey, Buffer.from(signature, 'base64url')))
      return false;
    const { iss, exp }: { iss?: string; exp?: number } = JSON.parse(Buffer.from(claims, 'base64url').toString());
    return iss === app.clientId && Number(exp) > Date.now() / 1_000;
  };

  const answer = (method: string, url: URL, bearer: string, said: unknown): readonly [number, unknown] => {
    const path = url.pathname;
    if (path === `${api}installation`)
      return isOfApp(bearer) ? [200, { id: 1, app_slug: app.slug }] : [401, { message: 'Bad credentials' }];
    if (path === '/api/v3/app/installations/1/access_tokens') {
      if (!isOfApp(bearer)) return [401, { message: 'Bad credentials' }];
      const { permissions = {} }: { permissions?: Partial<Record<string, string>> } = Object(said);
      const made = token({
        contents: permissions['contents'] === 'write' ? 'write' : 'read',
        pull_requests: permissions['pull_requests'] === 'write' ? 'write' : 'none',
      });
      ofApp.add(made);
      return [201, { token: made, permissions }];
    }
    const rights = tokens.get(bearer);
    if (rights === undefined) return [401, { message: 'Bad credentials' }];
    if (path === '/api/v3/installation/token') {
      tokens.delete(bearer);
      ofApp.delete(bearer);
      return [204, null];
    }
    if (path.startsWith('/api/v3/users/')) return [200, { id: 4711 }];
    if (!path.startsWith(api)) return [404, { message: 'Not Found' }];
    if (method !== 'GET' && rights.pull_requests !== 'write')
      return [403, { message: 'Resource not accessible by integration' }];
    const asked = path.slice(api.length);
    if (asked.startsWith('pulls')) return replyAboutPullRequests(pullRequests, hasCommits, method, url, said);
    return replyAboutComments(comments, method, asked, said);
  };

  const registry = keepImages();
  const server = http.createServer((request, response) => {
    void (async () => {
      const answered = registry(request, response);
      if (answered !== null) return answered;
      const url = new URL(request.url ?? '/', 'http://github');
      const [scheme = '', credentials = ''] = (request.headers.authorization ?? '').split(' ');
      const prefix = new RegExp(`^/${repository}(?:\\.git)?/`);
      if (prefix.test(url.pathname)) {
        const password = Buffer.from(credentials, 'base64').toString().split(':')[1] ?? '';
        const rights = scheme.toLowerCase() === 'basic' ? tokens.get(password) : undefined;
        const resource = url.pathname.replace(prefix, '');
        const writes = `${resource}${url.search}`.includes('git-receive-pack');
        if (rights !== undefined && (!writes || rights.contents === 'write')) {
          await answerByBackend(
            { root, repository: name, resource, query: url.search.slice(1), environment },
            request,
            response,
          );
          return;
        }
        // Without any, git is asked for them: that is how it comes to its helper.
        if (credentials !== '') refused.push(`git ${writes ? 'push' : 'fetch'}`);
        response.writeHead(rights === undefined ? 401 : 403, { 'www-authenticate': 'Basic realm="GitHub"' }).end();
        return;
      }
      const method = request.method ?? 'GET';
      const said: unknown = method === 'POST' || method === 'PATCH' ? await json(request) : {};
      const [status, content] = answer(method, url, credentials, said);
      if (status >= 400) refused.push(`${method} ${url.pathname} ${status}`);
      response
        .writeHead(status, { 'content-type': 'application/json' })
        .end(content === null ? '' : JSON.stringify(content));
    })().catch((error: unknown) => response.writeHead(500).end(String(error)));
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    repository,
    app,
    pullRequests,
    comments,
    refused,
    open: () => ofApp.size,
    token,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => {
        server.close(resolve);
      });
    },
  };
}

function replyAboutComments(
  comments: Comment[],
  method: string,
  asked: string,
  said: unknown,
): readonly [number, unknown] {
  const { body = '' }: { body?: string } = Object(said);
  if (body.length > 65_536) return [422, { message: 'Validation Failed', errors: [{ message: 'body is too long' }] }];
  const [, issue] = /^issues\/(\d+)\/comments$/.exec(asked) ?? [];
  if (issue !== undefined && method === 'GET')
    return [200, comments.filter((comment) => comment.issue === Number(issue))];
  if (issue !== undefined && method === 'POST') {
    comments.push({ id: comments.length + 1, issue: Number(issue), body, user: { type: 'Bot' } });
    return [201, comments.at(-1)];
  }
  const [, id] = /^issues\/comments\/(\d+)$/.exec(asked) ?? [];
  const index = comments.findIndex((comment) => comment.id === Number(id));
  const old = comments[index];
  if (method !== 'PATCH' || old === undefined) return [404, { message: 'Not Found' }];
  comments[index] = { ...old, body };
  return [200, comments[index]];
}
