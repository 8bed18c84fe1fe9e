import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { scratch, write } from './repository.ts';

const own = path.join(import.meta.dirname, '..');

/** Bytes of all files below a directory. */
function bytesOf(directory: string): number {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, entry) => sum + statSync(path.join(entry.parentPath, entry.name)).size, 0);
}

/** The nearest node_modules upwards that has a package. */
function installed(name: string): string {
  for (let directory = own; ; directory = path.dirname(directory)) {
    const found = path.join(directory, 'node_modules', name);
    if (existsSync(found)) return found;
  }
}

beforeAll(() => {
  execFileSync('npm', ['run', '--silent', 'build'], { cwd: own });
}, 60_000);

test('the tarball works in an empty folder, without a registry and without TypeScript', () => {
  const directory = scratch();
  const env = {
    ...process.env,
    npm_config_offline: 'true',
    npm_config_audit: 'false',
    npm_config_fund: 'false',
    NODE_OPTIONS: '',
  };
  const run = (program: string, ...args: readonly string[]): string =>
    execFileSync(program, args, { cwd: directory, env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  const packed = [own, installed('yaml')].map((folder) =>
    run('npm', 'pack', '--silent', '--ignore-scripts', folder).trim(),
  );
  expect(packed[0]).toMatch(/^zerodrop-\d+\.\d+\.\d+\.tgz$/);
  write(directory, { 'package.json': '{"private": true, "type": "module"}' });
  run('npm', 'install', '--silent', '--no-package-lock', ...packed.map((file) => `./${file}`));

  expect(bytesOf(path.join(directory, 'node_modules'))).toBeLessThan(15_000_000);
  expect(existsSync(path.join(directory, 'node_modules/zerodrop/src'))).toBe(false);
  const zerodrop = path.join(directory, 'node_modules/.bin/zerodrop');
  expect(run(zerodrop, 'guard', '--help')).toContain('zerodrop guard --base REF');
  // Neither the embedded cluster nor a real one is needed to say what can be asked.
  expect(run(zerodrop, 'rehearse', '--help')).toContain('zerodrop rehearse [FOLDER] [options]');
  expect(run(zerodrop, 'verify', '--help')).toContain('zerodrop verify --application NAME');
  expect(readdirSync(path.join(directory, 'node_modules/zerodrop/dist/rehearse/embedded/programs')).toSorted()).toEqual(
    ['NOTICE', 'balancer.cjs', 'cluster.cjs', 'runner.cjs'],
  );
  expect(run(zerodrop, '--version').trim()).toBe(
    (JSON.parse(readFileSync(path.join(own, 'package.json'), 'utf8')) as { version: string }).version,
  );
  const service = 'apiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec: {selector: {app: web}}\n';
  write(directory, { 'old/a.yaml': service, 'new/a.yaml': service.replace('app: web', 'app: shop') });
  expect(() => run(zerodrop, 'guard', '--before', 'old', '--after', 'new')).toThrow(
    expect.objectContaining({ status: 1, stdout: expect.stringContaining('selector-changed') }),
  );
  expect(() => run(zerodrop, 'guard', '--before', 'none', '--after', 'new')).toThrow(
    expect.objectContaining({ status: 2 }),
  );
  const program = `
    import { guard } from 'zerodrop/guard';
    import { connect } from 'zerodrop/rollout';
    import { rehearseCommand } from 'zerodrop/rehearse';
    console.log(guard(new Map(), new Map()).length, typeof rehearseCommand);
    console.log(await connect('any').catch((error) => error.message));`;
  expect(run(process.execPath, '--input-type=module', '--eval', program)).toMatch(
    /^0 function\n.*Install it beside zerodrop: npm install @kubernetes\/client-node\.\n$/,
  );
});

test('what an importer sees names no package that is not installed with it', () => {
  const seen = new Set<string>();
  const follow = (file: string): void => {
    if (seen.has(file)) return;
    seen.add(file);
    const text = readFileSync(file, 'utf8');
    for (const [, target = ''] of text.matchAll(/\bfrom '([^']+)'/g)) {
      expect(target).toMatch(/^\.|^node:|^yaml$/);
      if (target.startsWith('.')) follow(path.join(path.dirname(file), target.replace(/\.ts$/, '.d.ts')));
    }
  };
  const { exports } = JSON.parse(readFileSync(path.join(own, 'package.json'), 'utf8')) as {
    exports: Readonly<Record<string, { readonly types?: string }>>;
  };
  for (const { types } of Object.values(exports)) if (types !== undefined) follow(path.join(own, types));
  expect(seen.size).toBeGreaterThan(10);
});

test('the tarball has no script that an install runs', () => {
  const { scripts } = JSON.parse(readFileSync(path.join(own, 'package.json'), 'utf8')) as { scripts: object };
  for (const script of ['preinstall', 'install', 'postinstall', 'prepare']) expect(scripts).not.toHaveProperty(script);
});

test('the action and the hook run from their own clone', () => {
  const run = path.join(own, 'from-clone.sh');
  const { version } = JSON.parse(readFileSync(path.join(own, 'package.json'), 'utf8')) as { version: string };
  expect(execFileSync(run, ['--version'], { encoding: 'utf8' })).toBe(`${version}\n`);
  expect(readFileSync(path.join(own, 'action.yml'), 'utf8')).toContain('"$GITHUB_ACTION_PATH/from-clone.sh" guard');
  expect(readFileSync(path.join(own, '../../.pre-commit-hooks.yaml'), 'utf8')).toContain(
    'entry: packages/zerodrop/from-clone.sh guard --staged\n',
  );
  expect(readFileSync(path.join(own, 'CHANGELOG.md'), 'utf8')).toContain(`## ${version}\n`);
});
