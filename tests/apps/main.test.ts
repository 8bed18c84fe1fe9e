import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { requireBuilds } from '../../apps/project.ts';
import { renderTarget } from '../../apps/write.ts';
import { projectFiles, projectWith, settings } from '../settings/sample.ts';

const project = join(import.meta.dirname, '../..');
const tsx = import.meta.resolve('tsx');
const own = ['--environment', 'production', '--service', 'web'];
let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'synth-'));
});

afterEach(async () => {
  await rm(directory, { recursive: true });
});

async function write(replicas: number, more: object = {}, environments = ['production']): Promise<void> {
  const owned = { ...settings, environments: environments.map((name) => ({ name })) };
  for (const [path, text] of projectFiles(projectWith({}, owned))) {
    await mkdir(dirname(join(directory, path)), { recursive: true });
    await writeFile(join(directory, path), text);
  }
  const web = { kind: 'web', replicas, exposure: 'node-port', ...more };
  await writeFile(join(directory, 'apps/services/web.ts'), `export default ${JSON.stringify(web)};\n`);
}

/** The program. Where it makes no difference, its part that says what it renders is called instead. */
async function program(): Promise<{ code: number | null; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      ['--conditions=zerodrop-source', '--import', tsx, join(project, 'apps/main.ts'), ...own],
      { cwd: directory },
      (_error, stdout, stderr) => resolve({ code: child.exitCode, stdout, stderr }),
    );
  });
}

test('renders the files of a working copy, and says what changed', async () => {
  await write(3);
  await expect(program()).resolves.toEqual({
    code: 0,
    stdout:
      'synth: 4 files rendered, changed argocd/web-production.yaml, argocd/web.project.yaml, manifests/production/web/namespace.yaml, manifests/production/web/web.yaml\n',
    stderr: '',
  });
  await expect(renderTarget(directory, own)).resolves.toBe('synth: 4 files rendered, nothing changed\n');
});

test('with --environment and --service renders that target alone, whatever is wrong with another', async () => {
  await write(3, {}, ['production', 'staging']);
  await mkdir(join(directory, 'apps/images/staging'), { recursive: true });
  await mkdir(join(directory, 'manifests/staging/web'), { recursive: true });
  await writeFile(join(directory, 'apps/images/staging/web.json'), 'no pin');
  await writeFile(join(directory, 'manifests/staging/web/binary.yaml'), Buffer.from([0xff]));
  const changed = ['argocd/web-production.yaml', 'argocd/web.project.yaml', 'manifests/production/web/namespace.yaml'];
  await expect(renderTarget(directory, own)).resolves.toBe(
    `synth: 4 files rendered, changed ${changed.join(', ')}, manifests/production/web/web.yaml\n`,
  );
  await expect(readFile(join(directory, 'manifests/staging/web/binary.yaml'))).resolves.toEqual(Buffer.from([0xff]));
});

test.each([
  [['--environment', '../..', '--service', 'web'], '--environment is "../..", but settings.ts has production.'],
  [['--service', 'web'], '--environment is missing, but settings.ts has production.'],
  [
    ['--environment', 'prodcution'],
    '--environment is "prodcution", but settings.ts has production. Did you mean production?',
  ],
  [
    ['--environment', 'production', '--service', 'wbe'],
    '--service is "wbe", but settings.ts has web. Did you mean web?',
  ],
  [['--enviroment', 'production'], "Unknown option '--enviroment'. Did you mean --environment?"],
  [['production'], '"production" is one word too many.'],
  [['--all'], "Unknown option '--all'. See npm run synth -- --help."],
])('%j is refused, with nothing touched', async (args, sentence) => {
  await write(3);
  await expect(renderTarget(directory, args)).rejects.toThrow(sentence);
  await expect(readFile(join(directory, 'settings.ts'), 'utf8')).resolves.toContain('export const settings');
});

test('ends with the sentence of a wrong setting, code 2, and nothing touched', async () => {
  await write(3);
  await renderTarget(directory, own);
  await write(1);
  await expect(program()).resolves.toEqual({
    code: 2,
    stdout: '',
    stderr:
      'apps/services/web.ts: replicas is 1, but a rollout without loss needs at least 2. Set it to a whole number of 2 or more.\n',
  });
  await expect(readFile(join(directory, 'argocd/web-production.yaml'), 'utf8')).resolves.toContain('web-production');
});

test('ends with the sentence of a malformed pin', async () => {
  await write(3);
  await mkdir(join(directory, 'apps/images/production'), { recursive: true });
  await writeFile(join(directory, 'apps/images/production/web.json'), '{');
  await expect(program()).resolves.toEqual({
    code: 2,
    stdout: '',
    stderr: 'apps/images/production/web.json is not JSON. Restore it from git, or release again.\n',
  });
});

test('ends with the sentence of what the cluster would refuse, and nothing written', async () => {
  await write(3, { unchecked: { because: 'a typing error', minReadySeconds: 3e9 } });
  await expect(renderTarget(directory, own)).rejects.toMatchObject({
    name: 'SettingsError',
    message: expect.stringMatching(
      /^manifests\/production\/web\/: Deployment web-production\/web: spec\.minReadySeconds is 3000000000\. Expected/,
    ),
  });
  await expect(readFile(join(directory, 'argocd/web-production.yaml'), 'utf8')).rejects.toThrow('ENOENT');
});

test.each([
  [{ context: 'api' }, "build.context is 'api', but there is no such folder. Create it, or name another."],
  [{ context: 'api/Dockerfile' }, "build.context is 'api/Dockerfile', but there is no such folder."],
  [{ context: 'apps' }, "build.dockerfile is 'apps/Dockerfile' by default, but there is no such file."],
  [{ context: 'apps', dockerfile: 'apps/services' }, "build.dockerfile is 'apps/services', but there is no such file."],
  [{ dockerfile: 'settings.ts', paths: ['lib'] }, "build.paths has 'lib', but there is no such file or folder."],
])('refuses the build %j, of which the working copy has nothing', async (build, sentence) => {
  await write(3);
  const services = [{ name: 'web', image: 'example.com/web', build }];
  await expect(requireBuilds(directory, services)).rejects.toThrow(`settings.ts: services.web.${sentence}`);
});

test('takes a build whose parts are there, and asks for none of one that is not said', async () => {
  await write(3);
  const image = 'example.com/web';
  const build = { context: 'apps', dockerfile: 'settings.ts', paths: ['apps/services'] };
  const services = [
    { name: 'web', image },
    { name: 'api', image, build },
  ];
  await expect(requireBuilds(directory, services)).resolves.toBeUndefined();
});
