import { randomUUID } from 'node:crypto';
import { appendFileSync, cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { appToken, revoke } from './app-token.ts';
import { buildAndPush } from './build-image.ts';
import { checkout } from './checkout.ts';
import { pushManifest } from './registry.ts';
import { environment, exportVariable, fail, input, output, play, record } from './runner.ts';

// What takes the place of the actions that the workflows use: each records what it was given, and does the part of its work that the
// steps after it need. One bundle of this file is the program of all of them; its first argument says which one runs.

/** Where the job keeps who it is at the registry: a runner of its own has a home of its own. */
const login = (): string => path.join(environment('RUNNER_TEMP'), 'docker-login.json');

/** An identity at Google, for the provider of the federation and no other. */
function authenticate(): void {
  const account = input('service_account');
  if (input('workload_identity_provider') !== play().provider) {
    fail(`There is no provider ${JSON.stringify(input('workload_identity_provider'))}.`);
  }
  if (!/^[a-z-]+@[a-z-]+\.iam\.gserviceaccount\.com$/.test(account)) fail(`There is no service account ${account}.`);
  if (input('token_format') === 'access_token') {
    const token = randomUUID();
    appendFileSync(path.join(play().folder, 'google-tokens'), `${token} ${account}\n`);
    output('access_token', token);
  }
  if (input('create_credentials_file') === 'false') return;
  const file = path.join(environment('RUNNER_TEMP'), 'google.json');
  writeFileSync(file, JSON.stringify({ account }));
  exportVariable('CLOUDSDK_AUTH_CREDENTIAL_FILE_OVERRIDE', file);
}

/** Puts programs on the path of the steps that follow. */
function install(...names: readonly string[]): void {
  for (const name of names)
    appendFileSync(environment('GITHUB_PATH'), `${path.join(play().folder, 'programs', name)}\n`);
}

/** Takes a token that was made for an identity that may push images, or read them, and no other. */
function logIn(): void {
  const tokens = existsSync(path.join(play().folder, 'google-tokens'))
    ? readFileSync(path.join(play().folder, 'google-tokens'), 'utf8').split('\n')
    : [];
  const found = tokens.find((line) => line.startsWith(`${input('password')} `) && input('password') !== '');
  if (input('username') !== 'oauth2accesstoken' || !/-(?:push|plan)@/.test(found ?? '')) {
    fail(`The registry ${input('registry')} does not know this user.`);
  }
  writeFileSync(login(), JSON.stringify({ registry: input('registry'), mayPush: found?.includes('-push@') === true }));
}

/** Builds and pushes, for whoever has logged in; where nothing pulls it, it pushes what would have been built. */
async function build(): Promise<void> {
  const { registry, mayPush }: { registry: string; mayPush: boolean } = JSON.parse(readFileSync(login(), 'utf8'));
  const tag = input('tags').trim();
  if (!mayPush || !tag.startsWith(`${registry}/`)) fail(`Nobody has logged in to the registry of ${tag}.`);
  const lines = input('build-args')
    .split('\n')
    .filter((line) => line.includes('='));
  const args = Object.fromEntries(
    lines.map((line) => [line.slice(0, line.indexOf('=')).trim(), line.slice(line.indexOf('=') + 1).trim()]),
  );
  if (play().kubeconfig === null) return output('digest', await pushManifest(tag, args));
  const folder = path.join(environment('RUNNER_TEMP'), 'image');
  mkdirSync(folder);
  output('digest', buildAndPush({ context: input('context'), dockerfile: input('file'), args, tag, folder }));
}

function artifact(name: string): string {
  return path.join(play().folder, 'artifacts', environment('GITHUB_RUN_ID'), name);
}

function upload(): void {
  for (const from of input('path')
    .trim()
    .split('\n')
    .map((line) => line.trim())) {
    if (!existsSync(from)) process.stdout.write(`::warning::No files were found: ${from}\n`);
    else {
      const to = artifact(input('name') === '' ? path.basename(from) : input('name'));
      mkdirSync(to, { recursive: true });
      cpSync(from, path.extname(from) === '' ? to : path.join(to, path.basename(from)), { recursive: true });
    }
  }
}

function download(): void {
  if (input('pattern') !== '') {
    const prefix = input('pattern').replace(/\*$/, '');
    const all = artifact('');
    for (const name of existsSync(all) ? readdirSync(all) : [])
      if (name.startsWith(prefix)) cpSync(path.join(all, name), path.join(input('path'), name), { recursive: true });
    return;
  }
  const from = artifact(input('name'));
  if (!existsSync(from)) fail(`There is no artifact ${input('name')}.`);
  cpSync(from, input('path'), { recursive: true });
}

const standIns: Readonly<Record<string, () => void | Promise<void>>> = {
  'actions/checkout': checkout,
  'actions/setup-node': () => install('node'),
  'actions/create-github-app-token': appToken,
  'actions/upload-artifact': upload,
  'actions/download-artifact': download,
  'actions/attest': () => undefined,
  'google-github-actions/auth': authenticate,
  'google-github-actions/setup-gcloud': () => {
    install('gcloud');
    // The runner's own: jobs here share a home, which they never do at GitHub.
    exportVariable('KUBECONFIG', path.join(environment('RUNNER_TEMP'), 'kubeconfig'));
  },
  'docker/login-action': logIn,
  'docker/setup-buildx-action': () => undefined,
  'docker/build-push-action': build,
  'sigstore/cosign-installer': () => install('cosign'),
  'aquasecurity/trivy-action': () => undefined,
};

/** What runs when the job ends. */
const afterwards: Readonly<Record<string, () => Promise<void>>> = { 'actions/create-github-app-token': revoke };

const [name = '', stage = 'main'] = process.argv.slice(2);
if (stage === 'main') {
  record(name);
  const standIn = standIns[name];
  if (standIn === undefined)
    fail(`The play has no stand-in for ${name}. Add one to tests/real/workflows/stand-ins.ts.`);
  await standIn();
} else {
  await afterwards[name]?.();
}
