import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { parse } from 'yaml';
import { type Home, makeReleaseApp, manifestOf, releasePermissions } from '../../../pipeline/setup/release-app.ts';
import { answering } from '../answering.ts';

const pem = '-----BEGIN RSA PRIVATE KEY-----\nonly-in-memory\n-----END RSA PRIVATE KEY-----\n';
const page = 'https://github.com/apps/acme-shop-release';
/** As GitHub answers to POST /app-manifests/{code}/conversions (docs.github.com, "REST API endpoints for GitHub Apps"). */
const made = {
  id: 42,
  slug: 'acme-shop-release',
  client_id: 'Iv23abc',
  client_secret: 'another-secret',
  webhook_secret: null,
  pem,
  html_url: page,
  permissions: releasePermissions,
  events: [],
};

let directory: string;
/** Requests that GitHub's API got, and what it answers. */
let asked: string[];
let answer: { status: number; body: unknown };

beforeEach(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'zerodrop-app-'));
  await mkdir(path.join(directory, 'bin'));
  const gh = path.join(directory, 'bin', 'gh');
  await writeFile(
    gh,
    `#!/bin/sh
echo "$*" >> "${directory}/calls"
cat >> "${directory}/input"
if [ -e "${directory}/broken" ]; then echo 'HTTP 403: Resource not accessible' >&2; exit 1; fi
`,
  );
  await chmod(gh, 0o755);
  asked = [];
  answer = { status: 201, body: made };
});
afterEach(() => rm(directory, { recursive: true }));

/** Runs the flow. What a person does in the browser begins at the address that is shown; how it ends is told, and who waits may be interrupted. */
async function flow(
  browse: (address: string, interrupt: () => void) => Promise<void>,
  own: Partial<Home> = {},
  patienceMs = 60_000,
): Promise<unknown> {
  const interruption = new AbortController();
  let ended: unknown;
  await answering(
    async (received, response) => {
      asked.push(`${received.method} ${received.url} ${received.headers.authorization ?? 'without a token'}`);
      response.writeHead(answer.status).end(JSON.stringify(answer.body));
    },
    async (host) => {
      const home = {
        server: 'https://github.com',
        api: `http://${host}`,
        owner: 'acme',
        name: 'shop',
        isOrganisation: true,
      };
      const environment = { PATH: `${directory}/bin:/usr/bin:/bin` };
      let browsed = Promise.resolve();
      const show = (told: string): void => {
        const [address = ''] = /http:\/\/127\.0\.0\.1:\d+\//.exec(told) ?? [];
        browsed = browse(address, () => interruption.abort());
      };
      const call = { directory, environment, signal: interruption.signal };
      ended = await makeReleaseApp({ ...home, ...own }, call, show, patienceMs).catch((error: unknown) => error);
      await browsed;
    },
  );
  return ended;
}

/** What the page sends to GitHub: where to, and the manifest. */
async function form(address: string): Promise<{ action: URL; manifest: Record<string, unknown> }> {
  const html = (await (await fetch(address)).text()).replaceAll(/&#(\d+);/g, (_, code: string) =>
    String.fromCodePoint(Number(code)),
  );
  const [, action = '', , manifest = '{}'] = /action="([^"]*)"([\s\S]*?)value="(.*)">/.exec(html) ?? [];
  return { action: new URL(action), manifest: JSON.parse(manifest) };
}

/** As GitHub sends a person back. */
async function back(address: string, state: string | null, code = 'a180b1a3'): Promise<number> {
  const query = new URLSearchParams({ code, ...(state === null ? {} : { state }) });
  return (await fetch(`${address}created?${query}`)).status;
}

const calls = async (): Promise<string[]> =>
  (await readFile(path.join(directory, 'calls'), 'utf8').catch(() => '')).trim().split('\n');

test('the App is made by a manifest, and its key goes into the input of gh alone', async () => {
  const ended = await flow(async (address) => {
    const { action, manifest } = await form(address);
    expect(`${action.origin}${action.pathname}`).toBe('https://github.com/organizations/acme/settings/apps/new');
    expect(action.searchParams.get('state')).toMatch(/^[0-9a-f]{64}$/);
    expect(manifest).toEqual({
      name: 'acme-shop-release',
      description: 'Commits the releases of acme/shop, and opens promotions.',
      url: 'https://github.com/acme/shop',
      redirect_url: `${address}created`,
      public: false,
      hook_attributes: { url: 'https://github.com/acme/shop', active: false },
      default_events: [],
      default_permissions: { contents: 'write', pull_requests: 'write' },
    });
    expect(await back(address, action.searchParams.get('state'))).toBe(200);
  });

  expect(ended).toEqual({ slug: 'acme-shop-release', installation: `${page}/installations/new` });
  expect(asked).toEqual(['POST /app-manifests/a180b1a3/conversions without a token']);
  expect(await calls()).toEqual([
    'secret set RELEASE_APP_KEY --env release --repo github.com/acme/shop',
    'variable set RELEASE_APP_CLIENT_ID --env release --body Iv23abc --repo github.com/acme/shop',
    'variable set RELEASE_APP_SLUG --body acme-shop-release --repo github.com/acme/shop',
  ]);
  expect(await readFile(path.join(directory, 'input'), 'utf8')).toBe(pem);
  // Nothing but the records of this test's own gh.
  expect((await readdir(directory)).toSorted()).toEqual(['bin', 'calls', 'input']);
});

test('the App of a user is made in their own settings', async () => {
  await flow(
    async (address, interrupt) => {
      expect((await form(address)).action.pathname).toBe('/settings/apps/new');
      interrupt();
    },
    { isOrganisation: false },
  );
});

test('it asks for what the workflows ask of it, and for no more', async () => {
  const action: { runs: { steps: { with?: Record<string, string> }[] } } = parse(
    await readFile('.github/actions/release-app/action.yaml', 'utf8'),
  );
  const wanted = action.runs.steps
    .flatMap((step) => Object.entries(step.with ?? {}))
    .filter(([name]) => name.startsWith('permission-'))
    .map(([name, value]) => [name.slice('permission-'.length).replaceAll('-', '_'), value]);
  expect(Object.fromEntries(wanted)).toEqual(releasePermissions);
});

test('a long name is cut to what GitHub takes', () => {
  const home: Home = {
    server: 's',
    api: 'a',
    owner: 'an-organisation',
    name: 'with-a-long-repository',
    isOrganisation: true,
  };
  expect(manifestOf(home, 'http://127.0.0.1/created').name).toBe('an-organisation-with-a-long-reposi');
});

/** The status that a request gets which no browser would send. */
async function statusOf(address: string, method: string, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const sent = request(address, { method, headers: { host } }, (response) => {
      void text(response).then(() => resolve(response.statusCode ?? 0));
    });
    sent.on('error', reject).end();
  });
}

test('whoever does not come from the page gets nothing done, and the wait goes on until Ctrl-C', async () => {
  const ended = await flow(async (address, interrupt) => {
    const { host } = new URL(address);
    const state = (await form(address)).action.searchParams.get('state');
    expect([await back(address, null), await back(address, 'f'.repeat(64)), await back(address, state, '')]).toEqual([
      400, 400, 400,
    ]);
    expect(await statusOf(address, 'GET', 'evil.example:80')).toBe(403);
    expect(await statusOf(`${address}created?code=1&state=${state}`, 'POST', host)).toBe(403);
    expect(await statusOf(`${address}favicon.ico`, 'GET', host)).toBe(404);
    interrupt();
  });

  expect(ended).toMatchObject({ name: 'Interrupted', message: 'Interrupted: no App is made here.' });
  expect([asked, await calls()]).toEqual([[], ['']]);
});

test('nobody is waited for longer than GitHub waits', async () => {
  let last = '';
  const ended = await flow(
    async (address) => {
      last = address;
    },
    {},
    60,
  );

  expect(ended).toMatchObject({ message: 'Nobody came back from GitHub within 0.001 minutes. Run this again.' });
  await expect(fetch(last)).rejects.toThrow('fetch failed');
});

test.each([
  ['a code that is no longer valid', { status: 404, body: { message: 'Not Found' } }, 404],
  ['an answer of another shape', { status: 201, body: { ...made, pem: 'another', secret: pem } }, 201],
])('%s stores nothing', async (_, given, status) => {
  answer = given;
  const ended = await flow(async (address) => {
    expect(await back(address, (await form(address)).action.searchParams.get('state'))).toBe(500);
  });

  expect(ended).toMatchObject({ message: expect.stringContaining(`GitHub answers ${status} to the code of the App`) });
  expect(JSON.stringify(ended, Object.getOwnPropertyNames(Object(ended)))).not.toContain('only-in-memory');
  expect(await calls()).toEqual(['']);
});

test('where gh fails, it is told what to do with the App, and not its key', async () => {
  await writeFile(path.join(directory, 'broken'), '');
  const ended = await flow(async (address) => {
    const { action } = await form(address);
    await back(address, action.searchParams.get('state'));
    // The code is used up.
    expect(await back(address, action.searchParams.get('state')).catch(() => 0)).not.toBe(200);
  });

  expect(ended).toMatchObject({
    message: `gh secret set RELEASE_APP_KEY --env release --repo github.com/acme/shop failed: HTTP 403: Resource not accessible\nThe App acme-shop-release is made, and not all of it is stored. Delete it on ${page}, and run this again.`,
  });
  expect(await calls()).toHaveLength(1);
});
