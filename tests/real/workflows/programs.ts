import { spawnSync } from 'node:child_process';
import { appendFileSync, cpSync, existsSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { environment, play, record } from './runner.ts';

// The programs that a runner of GitHub has, or that an action puts there. One bundle of this file is all of them; its first argument says
// which one runs.

const [name = '', ...words] = process.argv.slice(2);
const [verb = '', object = ''] = words;

function end(problem: string, code = 1): never {
  process.stderr.write(`${name}: ${problem}\n`);
  process.exit(code);
}

function option(key: string): string {
  return words[words.indexOf(key) + 1] ?? '';
}

/** Installs the machine's packages. What the other steps of .ci/run do is written down and not done again: tests, checks, rehearsals. */
function npm(): void {
  if (verb === 'ci') return symlinkSync(play().modules, 'node_modules');
  if (verb === 'test' || verb === 'audit' || (verb === 'run' && object === 'check')) return record('npm', words);
  if (verb === 'run' && object === 'rehearse') {
    record('npm', words);
    return cpSync(play().report, option('--report'), { recursive: true });
  }
  if (play().kubeconfig === null && object === 'release' && words.includes('verify')) return verifyNothing();
  // Without this npm: what it runs finds the other programs of the job.
  const own = path.join(play().folder, 'programs', 'node');
  const others = (process.env['PATH'] ?? '').split(path.delimiter).filter((folder) => folder !== own);
  const { status } = spawnSync('npm', words, {
    stdio: 'inherit',
    env: { ...process.env, PATH: others.join(path.delimiter) },
  });
  process.exitCode = status ?? 1;
}

/** Verifies as the identity that may watch rollouts, where there is no cluster to watch. */
function verifyNothing(): void {
  record('npm', words);
  const { account }: { account: string } = JSON.parse(readFileSync(environment('KUBECONFIG'), 'utf8'));
  if (!account.includes('-verify@'))
    end(`User "${account}" cannot get resource "applications" in API group "argoproj.io".`);
}

/** A kubeconfig of the identity that the job has, for the cluster of the settings and no other. */
function gcloud(): void {
  record('gcloud', words);
  const credentials = process.env['CLOUDSDK_AUTH_CREDENTIAL_FILE_OVERRIDE'];
  if (credentials === undefined) end('You do not currently have an active account selected.');
  const { account }: { account: string } = JSON.parse(readFileSync(credentials, 'utf8'));
  const { cluster, location, project } = play().cluster;
  const expected = `container clusters get-credentials ${cluster} --location ${location} --project ${project} --dns-endpoint`;
  if (words.join(' ') !== expected) end(`There is no cluster for this: ${words.join(' ')}. There is: ${expected}`);
  const { kubeconfig: told } = play();
  if (told === null) return writeFileSync(environment('KUBECONFIG'), JSON.stringify({ account }));
  const kubeconfig: { users: { user: object }[] } = JSON.parse(readFileSync(told, 'utf8'));
  const users = kubeconfig.users.map((user) => ({ ...user, user: { ...user.user, as: account } }));
  writeFileSync(environment('KUBECONFIG'), JSON.stringify({ ...kubeconfig, users }), { mode: 0o600 });
}

/** Keeps and finds signatures by the digest of an image. */
function cosign(): void {
  record('cosign', words);
  const file = path.join(play().folder, 'signatures');
  const digest = words.at(-1) ?? '';
  if (!/@sha256:[0-9a-f]{64}$/.test(digest)) end(`${digest} is no image by its digest.`);
  if (verb === 'sign') {
    const isKnown = existsSync(path.join(environment('RUNNER_TEMP'), 'docker-login.json'));
    if (!isKnown) end('The registry knows nobody here.');
    return appendFileSync(file, `${digest}\n`);
  }
  // The lab's registry is public: it answers whoever asks for a signature.
  // Whose signature it is: the called workflow is a claim of the token, which only GitHub makes.
  const { GITHUB_SERVER_URL: server, GITHUB_REPOSITORY: repository } = process.env;
  const identity = `${server}/${repository}/.github/workflows/release-service.yaml@refs/heads/main`;
  if (option('--certificate-identity') !== identity) end(`No signature is of ${option('--certificate-identity')}.`);
  const signed = existsSync(file) ? readFileSync(file, 'utf8').split('\n') : [];
  if (!signed.includes(digest)) end(`${digest} has no signature.`, 10);
}

const programs: Readonly<Record<string, () => void>> = { npm, gcloud, cosign, docker: () => record('docker', words) };
programs[name]?.();
