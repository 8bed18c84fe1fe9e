import { copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { doctorCommand } from '../../../pipeline/doctor/doctor.ts';
import type { Finding } from '../../../pipeline/doctor/finding.ts';
import type { Settings } from '../../../settings/settings.ts';
import { settings as sample } from '../../settings/sample.ts';
import { answering } from '../answering.ts';
import { gitHubHere } from '../setup/github-here.ts';
import { gitHub } from './answers.ts';

let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'zerodrop-doctor-'));
  await mkdir(path.join(directory, '.github'));
  for (const file of ['.github/ruleset.json', '.github/repository.json', 'package.json'])
    await copyFile(file, path.join(directory, file));
});
afterEach(() => rm(directory, { recursive: true }));

const owned: Settings = {
  ...sample,
  repository: 'https://github.com/acme/shop',
  services: [{ name: 'web', image: 'europe-west4-docker.pkg.dev/acme-1/zerodrop/web' }],
  clusters: [
    {
      name: 'main',
      google: { project: 'acme-1', region: 'europe-west4', github: { ownerId: '4711', repositoryId: '815' } },
    },
  ],
};

/** What the command finds with these settings, on a machine that has no programs, at a GitHub where everything is set up. */
async function found(settings: Settings, isHere = true): Promise<readonly string[]> {
  await writeFile(path.join(directory, 'settings.ts'), `export const settings = ${JSON.stringify(settings)};\n`);
  const lines: string[] = [];
  await answering(gitHubHere(gitHub).answer, async (host) => {
    const environment = { PATH: '', GH_TOKEN: 'a-token', ...(isHere && { GITHUB_API_URL: `http://${host}` }) };
    const here = { directory, environment, agree: async () => false, show: () => undefined };
    const { stdout, problems } = await doctorCommand(['--json'], here);
    const { findings }: { findings: readonly Finding[] } = JSON.parse(stdout);
    lines.push(...findings.map(({ state, about, mend }) => `${state} ${about}${mend === null ? '' : ` -> ${mend}`}`));
    lines.push(...problems);
  });
  return lines;
}

test('asks the machine, GitHub and Google, and says no where anything is missing', async () => {
  const lines = await found(owned);

  expect(lines).toEqual(
    expect.arrayContaining([
      'missing machine: git -> https://git-scm.com/downloads',
      'missing machine: origin -> git remote add origin https://github.com/acme/shop',
      'ok GitHub: repository',
      'ok GitHub: plan',
      'ok GitHub: settings',
      'ok GitHub: release App',
      'ok GitHub: variable GOOGLE_WORKLOAD_IDENTITY_PROVIDER',
      'unknown Google: login -> gcloud auth login --update-adc',
    ]),
  );
  expect(lines.at(-1)).toMatch(/^\d+ of \d+ things are missing\. Each is listed with what mends it\.$/);
});

test('a repository of the example, and one that is not at GitHub', async () => {
  expect(await found(sample)).toEqual(
    expect.arrayContaining([
      'missing settings: repository -> Write the address of yours into settings.ts, and run npm run synth.',
      'unknown machine: origin -> Correct repository in settings.ts.',
    ]),
  );
  expect(await found({ ...owned, repository: 'https://gitlab.com/acme/shop' }, false)).toContainEqual(
    expect.stringMatching(/^missing GitHub: host -> Write the address of yours at GitHub into settings\.ts\./),
  );
});
