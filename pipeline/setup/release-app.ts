import { randomBytes, timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { untilInterrupted } from 'zerodrop/command';
import { Interrupted, OperationError } from 'zerodrop/errors';
import { type Call, runProgram } from 'zerodrop/program';
import { z } from 'zod';
import { readAddress } from '../../github/address.ts';
import { type GitHub } from '../../github/api.ts';
import { type Ask, bodyOf, reasonOf } from '../doctor/finding.ts';

/** What the App that releases may do: what .github/actions/release-app asks a token for. Reading metadata comes with it. */
export const releasePermissions: Readonly<Record<string, string>> = { contents: 'write', pull_requests: 'write' };

/** The repository that the App is for. */
export interface Home {
  /** Such as https://github.com. */
  readonly server: string;
  readonly api: string;
  readonly owner: string;
  readonly name: string;
  /** Whether the owner is an organisation, and no user. */
  readonly isOrganisation: boolean;
}

/** An App that was made, without its key. */
export interface ReleaseApp {
  /** Its name in addresses. */
  readonly slug: string;
  /** Where it is installed in a repository. */
  readonly installation: string;
}

/** All three steps have to be done within an hour (docs.github.com, "Registering a GitHub App from a manifest"). */
const limitMs = 60 * 60_000;

/** The longest name that GitHub takes (docs.github.com, "Registering a GitHub App"). */
const longestName = 34;

/** What GitHub makes of the App: no webhook, for this owner alone, and no more rights than the workflows ask for. */
export function manifestOf({ server, owner, name }: Home, redirect: string) {
  const home = `${server}/${owner}/${name}`;
  return {
    name: `${owner}-${name}-release`.slice(0, longestName),
    description: `Commits the releases of ${owner}/${name}, and opens promotions.`,
    url: home,
    redirect_url: redirect,
    public: false,
    hook_attributes: { url: home, active: false },
    default_events: [],
    default_permissions: releasePermissions,
  };
}

const converted = z.object({
  slug: z.string().regex(/^[\w-]+$/),
  client_id: z.string().regex(/^[\w.-]+$/),
  html_url: z.url(),
  pem: z.string().startsWith('-----BEGIN'),
});
type Converted = z.infer<typeof converted>;

/** Trades the code of a manifest for the App with its key. Throws {@link OperationError} without a word of what a wrong answer held. */
async function convert(api: string, code: string, signal: AbortSignal): Promise<Converted> {
  const headers = { accept: 'application/vnd.github+json', 'x-github-api-version': '2022-11-28' };
  const url = `${api}/app-manifests/${encodeURIComponent(code)}/conversions`;
  const limited = AbortSignal.any([signal, AbortSignal.timeout(30_000)]);
  const answer = await fetch(url, { method: 'POST', headers, signal: limited }).catch((cause: unknown) => {
    throw new OperationError(`${api} does not answer, so the App has no key here. Run this again.`, { cause });
  });
  const read = converted.safeParse(await answer.json().catch(() => null));
  if (answer.status === 201 && read.success) return read.data;
  throw new OperationError(
    `GitHub answers ${answer.status} to the code of the App, and gives no key. Delete the App on its page, Settings → Developer settings → GitHub Apps, and run this again.`,
  );
}

/** Gives GitHub's secrets and variables what the workflows need of the App. The key goes from memory into the input of gh. */
async function store(home: Home, call: Omit<Call, 'limitMs' | 'input'>, app: Converted): Promise<void> {
  const repository = `${new URL(home.server).host}/${home.owner}/${home.name}`;
  const set = async (input: string, ...words: readonly string[]): Promise<void> => {
    const args = [...words, '--repo', repository];
    const { exitCode, stderr } = await runProgram({ ...call, limitMs: 60_000, input }, 'gh', ...args);
    if (exitCode === 0) return;
    throw new OperationError(
      `gh ${args.join(' ')} failed: ${stderr.trim()}\nThe App ${app.slug} is made, and not all of it is stored. Delete it on ${app.html_url}, and run this again.`,
    );
  };
  await set(app.pem, 'secret', 'set', 'RELEASE_APP_KEY', '--env', 'release');
  await set('', 'variable', 'set', 'RELEASE_APP_CLIENT_ID', '--env', 'release', '--body', app.client_id);
  // Last: by it everybody knows that there is an App.
  await set('', 'variable', 'set', 'RELEASE_APP_SLUG', '--body', app.slug);
}

function escaped(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => `&#${character.codePointAt(0)};`);
}

function page(response: ServerResponse, status: number, body: string): void {
  response
    .writeHead(status, {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': "default-src 'none'; base-uri 'none'; frame-ancestors 'none'",
      'referrer-policy': 'no-referrer',
      'cache-control': 'no-store',
      connection: 'close',
    })
    .end(`<!doctype html><meta charset="utf-8"><title>The release App</title>${body}`);
}

function isSame(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)];
  return a.length === b.length && timingSafeEqual(a, b);
}

/**
 * Makes the App that releases by GitHub's manifest flow: serves a page on this machine that sends a person to GitHub, waits until GitHub sends
 * them back with a code, and stores what the code is traded for. Throws {@link OperationError} where nobody comes back in time.
 */
export async function makeReleaseApp(
  home: Home,
  call: Omit<Call, 'limitMs' | 'input'>,
  show: (text: string) => void,
  patienceMs = limitMs,
): Promise<ReleaseApp> {
  const state = randomBytes(32).toString('hex');
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const host = `127.0.0.1:${address === null || typeof address === 'string' ? 0 : address.port}`;
  const manifest = JSON.stringify(manifestOf(home, `http://${host}/created`));
  const account = home.isOrganisation ? `organizations/${home.owner}/settings` : 'settings';
  const form = `<form method="post" action="${escaped(`${home.server}/${account}/apps/new?state=${state}`)}">
    <input type="hidden" name="manifest" value="${escaped(manifest)}">
    <p>GitHub shows the App before it makes it. It may write contents and pull requests, and has no webhook.
    <p><button>Go to GitHub</button></form>`;
  let isUsed = false;
  const patience = AbortSignal.any([call.signal, AbortSignal.timeout(patienceMs)]);
  try {
    return await new Promise<ReleaseApp>((resolve, reject) => {
      patience.addEventListener('abort', () => {
        if (call.signal.aborted) reject(new Interrupted('Interrupted: no App is made here.'));
        // Its code has come in time: what is stored now is stored.
        else if (!isUsed)
          reject(
            new OperationError(`Nobody came back from GitHub within ${patienceMs / 60_000} minutes. Run this again.`),
          );
      });
      const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
        const url = new URL(request.url ?? '/', `http://${host}`);
        // Another name that leads to this machine is somebody else's page.
        if (request.headers.host !== host || request.method !== 'GET') return page(response, 403, 'Not from here.');
        if (url.pathname === '/') return page(response, 200, form);
        if (url.pathname !== '/created') return page(response, 404, 'There is no such page.');
        const code = url.searchParams.get('code') ?? '';
        if (code === '' || isUsed || !isSame(url.searchParams.get('state') ?? '', state))
          return page(response, 400, 'This is no answer to the page of this command. Begin there again.');
        isUsed = true;
        try {
          const app = await convert(home.api, code, call.signal);
          await store(home, call, app);
          const installation = `${app.html_url}/installations/new`;
          const link = `<a href="${escaped(installation)}">Install it</a> in ${escaped(home.name)} alone.`;
          page(response, 200, `<p>The App is made, and its key is stored. ${link}`);
          resolve({ slug: app.slug, installation });
        } catch (error) {
          page(response, 500, '<p>It did not work. The terminal says why.');
          reject(error);
        }
      };
      server.on('request', (request, response) => void answer(request, response));
      show(`Open http://${host}/ in a browser on this machine. This waits until GitHub sends you back.\n`);
    });
  } finally {
    server.close();
    server.closeIdleConnections();
  }
}

const repositoryShape = z.object({ owner: z.object({ type: z.string() }) });

/** Whom setup asks, and where it runs. */
interface Person {
  readonly directory: string;
  readonly environment: NodeJS.ProcessEnv;
  agree(question: string): Promise<boolean>;
  show(text: string): void;
}

/** Offers a person to make the App that releases. Returns whether it is made now. */
export async function offerReleaseApp(
  ask: Ask,
  { api, owner, name }: GitHub,
  repository: string,
  { directory, environment, agree, show }: Person,
): Promise<boolean> {
  if (!(await agree('There is no App that releases yet. Make it now, in a browser? Type yes: '))) return false;
  const at = `/repos/${owner}/${name}`;
  const [there, release] = [await ask(at), await ask(`${at}/environments/release`)];
  const type = bodyOf(there, repositoryShape)?.owner.type;
  // The key would have nowhere to go, and GitHub tells it once.
  const unread = type === undefined ? there : release.status === 200 ? null : release;
  if (unread !== null)
    throw new OperationError(
      `No App is made: ${owner}/${name}, or its environment release, can't be read, because ${reasonOf(unread)}. Run npm run pipeline -- doctor.`,
    );
  const server = `https://${readAddress(repository)?.host ?? 'github.com'}`;
  const home: Home = { server, api, owner, name, isOrganisation: type === 'Organization' };
  const made = await untilInterrupted((signal) => makeReleaseApp(home, { directory, environment, signal }, show));
  show(`${made.slug} is made, and its key is stored. Install it in ${name} alone: ${made.installation}\n`);
  return true;
}
