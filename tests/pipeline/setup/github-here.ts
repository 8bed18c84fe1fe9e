import type { IncomingMessage, ServerResponse } from 'node:http';
import { json } from 'node:stream/consumers';
import { type Answers, refused } from '../doctor/answers.ts';

/** A request that changes a setting. */
export interface Request {
  readonly asked: string;
  readonly body: unknown;
}

/** GitHub's settings of acme/shop, which requests change: environments, their branches, rulesets and variables. */
export interface GitHubHere {
  /** The requests that were to change something, in their order. */
  readonly requests: Request[];
  answer(request: IncomingMessage, response: ServerResponse): Promise<void>;
}

const at = '/repos/acme/shop';

/**
 * A GitHub that has these settings.
 *
 * @param refuse the status and message for a request that it refuses, null for one that it does
 */
export function gitHubHere(
  settings: Answers,
  refuse: (request: Request) => readonly [number, string] | null = () => null,
): GitHubHere {
  const there = new Map<string, unknown>(Object.entries(structuredClone(settings)));
  const requests: Request[] = [];
  let last = 900;

  /** What a request changes; the status of the answer. */
  const change = (method: string, path: string, body: Readonly<Record<string, unknown>>): number => {
    const [, environment, policies] = /^environments\/([\w-]+)(\/deployment-branch-policies)?/.exec(path) ?? [];
    if (policies !== undefined) {
      const address = `${at}/environments/${environment}/deployment-branch-policies`;
      const listed: { id: number; name: string; type: string }[] = Object(there.get(address)).branch_policies ?? [];
      const left = listed.filter(({ id }) => path !== `environments/${environment}/deployment-branch-policies/${id}`);
      if (method === 'POST') left.push({ id: ++last, name: String(body['name']), type: 'branch' });
      there.set(address, { total_count: left.length, branch_policies: left });
      return method === 'POST' ? 200 : 204;
    }
    if (environment !== undefined) {
      const reviewers: readonly { type: string; id: number }[] = Object(body['reviewers'] ?? []);
      const people = reviewers.map(({ type, id }) => ({ type, reviewer: nameOf(id) }));
      const rules = people.length === 0 ? [] : [{ id: 1, type: 'required_reviewers', reviewers: people }];
      there.set(`${at}/${path}`, { ...body, name: environment, protection_rules: rules });
      return 200;
    }
    if (path.startsWith('rulesets')) {
      const id = method === 'POST' ? ++last : Number(path.split('/')[1]);
      there.set(`${at}/rulesets/${id}`, { ...body, id });
      there.set(`${at}/rulesets?includes_parents=false&per_page=100`, [{ id, name: body['name'] }]);
      return method === 'POST' ? 201 : 200;
    }
    there.set(`${at}/${method === 'POST' ? `${path}/${String(body['name'])}` : path}`, body);
    return method === 'POST' ? 201 : 204;
  };
  const nameOf = (id: number): object => {
    const found = [...there].find(([address, one]) => /^\/(?:orgs|users)\//.test(address) && Object(one).id === id);
    return Object(found?.[1]);
  };

  return {
    requests,
    async answer(request, response) {
      const { url = '', method = 'GET' } = request;
      const end = (status: number, body: unknown): void => {
        response.writeHead(status).end(status === 204 ? '' : JSON.stringify(body));
      };
      if (request.headers.authorization !== 'Bearer a-token') return end(401, { message: 'Bad credentials' });
      if (method === 'GET') return there.has(url) ? end(200, there.get(url)) : end(404, refused(404, 'Not Found').body);
      const body: Readonly<Record<string, unknown>> = method === 'DELETE' ? {} : Object(await json(request));
      const path = url.slice(`${at}/`.length);
      const made: Request = { asked: `${method} ${path}`, body: method === 'DELETE' ? null : body };
      requests.push(made);
      const no = refuse(made);
      if (no !== null) return end(no[0], { message: no[1] });
      end(change(method, path, body), {});
    },
  };
}
