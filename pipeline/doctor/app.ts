import { z } from 'zod';
import { resolveGoogle } from '../../settings/google/resolve.ts';
import type { Settings } from '../../settings/settings.ts';
import { releasePermissions } from '../setup/release-app.ts';
import {
  type Ask,
  bodyOf,
  type Finding,
  missing,
  ok,
  reasonOf,
  shown,
  unknown,
  valueAt,
  type Wanted,
} from './finding.ts';

const appShape = z.object({
  client_id: z.string().exactOptional(),
  permissions: z.record(z.string(), z.string()),
});
const installationsShape = z.object({
  installations: z.array(
    z.object({ app_slug: z.string(), repository_selection: z.string(), suspended_at: z.string().nullable() }),
  ),
});
const hooksShape = z.array(
  z.object({
    active: z.boolean(),
    events: z.array(z.string()),
    config: z.object({
      url: z.string().exactOptional(),
      content_type: z.string().exactOptional(),
      insecure_ssl: z.union([z.string(), z.number()]).exactOptional(),
    }),
    last_response: z.object({ code: z.number().nullable() }).exactOptional(),
  }),
);

/** What the App that releases lacks: rights, a place to act in, or its key. */
export async function appFindings(
  ask: Ask,
  place: string,
  { app }: Wanted,
  owner: { readonly login: string; readonly type: string },
): Promise<readonly Finding[]> {
  const about = 'GitHub: release App';
  const create = 'npm run pipeline -- setup   # makes it in a browser';
  if (app === null)
    return [missing(about, 'the variable RELEASE_APP_SLUG is not set: there is no App that releases.', create)];
  const answer = await ask(`/apps/${app}`);
  const there = bodyOf(answer, appShape);
  if (there === null) return [missing(about, `${app} can't be read: ${reasonOf(answer)}.`, create)];
  const found: Finding[] = [];
  const expected: Readonly<Record<string, string>> = { ...releasePermissions, metadata: 'read' };
  const names = new Set([...Object.keys(expected), ...Object.keys(there.permissions)]);
  const wrong = [...names].filter((name) => there.permissions[name] !== expected[name] && name !== 'metadata');
  if (wrong.length > 0) {
    const said = wrong.map(
      (name) => `${name}: ${there.permissions[name] ?? 'none'}, expected ${expected[name] ?? 'none'}`,
    );
    found.push(
      missing(
        about,
        `${app} has other permissions (${said.join('; ')}).`,
        `Change them on its page, Settings → Developer settings → GitHub Apps → ${app} → Permissions.`,
      ),
    );
  }
  if (owner.type === 'Organization') {
    const listed = bodyOf(await ask(`/orgs/${owner.login}/installations?per_page=100`), installationsShape);
    const own = listed?.installations.find(({ app_slug: slug }) => slug === app);
    if (listed === null)
      found.push(unknown(about, 'your login may not see where it is installed.', 'gh auth refresh --scopes admin:org'));
    else if (own === undefined || own.suspended_at !== null)
      found.push(
        missing(
          about,
          `${app} is not installed, or suspended.`,
          `Install it: https://github.com/apps/${app}/installations/new`,
        ),
      );
    else if (own.repository_selection === 'all')
      found.push(
        missing(
          about,
          `${app} is installed in all repositories.`,
          'Choose this one alone on the page of the installation.',
        ),
      );
  }
  if (owner.type !== 'Organization')
    found.push(
      unknown(
        about,
        `GitHub tells nobody but ${app} itself where a user has installed it.`,
        `Look that it is installed in this repository alone: https://github.com/settings/installations`,
      ),
    );
  for (const [kind, name] of [
    ['variables', 'RELEASE_APP_CLIENT_ID'],
    ['secrets', 'RELEASE_APP_KEY'],
  ] as const) {
    const one = await ask(`/repos/${place}/environments/release/${kind}/${name}`);
    if (one.status === 404) found.push(missing(about, `the environment release has no ${name}.`, create));
    else if (one.status !== 200)
      found.push(
        unknown(about, `${name} of the environment release can't be read: ${reasonOf(one)}.`, 'gh auth login'),
      );
    else if (kind === 'variables' && there.client_id !== undefined && valueAt(one.body, 'value') !== there.client_id)
      found.push(
        missing(
          about,
          `${name} of the environment release is ${shown(valueAt(one.body, 'value'))}, and ${app} has ${there.client_id}.`,
          `gh variable set ${name} --env release --body ${there.client_id}`,
        ),
      );
  }
  return found.length === 0 ? [ok(about, `${app} may write contents and pull requests, and no more.`)] : found;
}

/** The webhook of an Argo CD that is public: without it a push is seen within minutes, and not within a second. */
export async function webhookFindings(ask: Ask, place: string, { clusters }: Settings): Promise<readonly Finding[]> {
  const domains = clusters.flatMap(({ google }) => google.argocd?.domain ?? []);
  if (domains.length === 0) return [];
  const answer = await ask(`/repos/${place}/hooks?per_page=100`);
  const hooks = bodyOf(answer, hooksShape);
  return domains.map((domain) => {
    const [about, url] = [`GitHub: webhook of ${domain}`, `https://${domain}/api/webhook`];
    if (hooks === null)
      return unknown(about, `can't be read: ${reasonOf(answer)}.`, 'gh auth refresh --scopes admin:repo_hook');
    const hook = hooks.find(({ config }) => config.url === url);
    const page = `On the page Settings → Webhooks: ${url}, application/json, the push event, and the secret zerodrop-webhook.`;
    if (hook === undefined) return missing(about, 'there is none.', page);
    const sendsPush = hook.events.includes('push') || hook.events.includes('*');
    if (!hook.active || !sendsPush || hook.config.content_type !== 'json')
      return missing(about, 'it is off, sends no push, or no JSON.', page);
    if (![undefined, '0', 0].includes(hook.config.insecure_ssl))
      return missing(about, 'it does not verify the certificate of Argo CD.', page);
    const code = hook.last_response?.code ?? null;
    if (code !== null && code !== 200) return missing(about, `Argo CD answered ${code} to the last call.`, page);
    return ok(about, 'it sends every push.');
  });
}

/** The variable that lets the workflows in. */
export const providerName = 'GOOGLE_WORKLOAD_IDENTITY_PROVIDER';

/** The variable that lets the workflows touch Google: the last step of bring-up. */
export async function signInFinding(ask: Ask, place: string, { clusters }: Settings): Promise<Finding> {
  const about = `GitHub: variable ${providerName}`;
  const answer = await ask(`/repos/${place}/actions/variables/${providerName}`);
  const turnOn = 'npm run pipeline -- setup --turn-on';
  if (answer.status === 404)
    return missing(about, 'it is not set, so no workflow touches Google.', `${turnOn}   # when Argo CD runs`);
  if (answer.status !== 200) return unknown(about, `it can't be read: ${reasonOf(answer)}.`, turnOn);
  const lines = shown(valueAt(answer.body, 'value')).split('\n');
  const lacking = clusters.filter(({ name, google }) => {
    const provider = /^projects\/\d+\/locations\/global\/workloadIdentityPools\/([\w-]+)\/providers\/github$/;
    const own =
      clusters.length === 1
        ? lines
        : lines.flatMap((line) => (line.startsWith(`${name}=`) ? line.slice(name.length + 1) : []));
    return !own.some((line) => provider.exec(line)?.[1] === `${resolveGoogle(google).name}-github`);
  });
  if (lacking.length === 0)
    return { state: 'ok', about, says: 'it is set: the workflows build, release and apply.', mend: null };
  return missing(about, `it names no provider for ${lacking.map(({ name }) => name).join(', ')}.`, turnOn);
}
