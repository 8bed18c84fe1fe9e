import { chmod, mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { build } from 'esbuild';
import { sources } from '../../github/workflows.ts';
import type { Told } from './runner.ts';

/** What a runner of GitHub has, on this machine: programs, and actions by `owner/name@ref`. */
export interface Machine {
  /** Before all others on the path of a job. */
  readonly path: string;
  readonly actions: ReadonlyMap<string, string>;
}

/** Programs that are there from the start, and those that an action puts on the path: its folder, and what is in it. */
const programs = { runner: ['docker'], node: ['npm'], gcloud: ['gcloud'], cosign: ['cosign'] };

/** Actions whose inputs have defaults that count here, and those with something to do when a job ends. */
const defaults: Readonly<Record<string, string>> = {
  'actions/checkout': '  token: {default: "${{ github.token }}"}\n',
};
const ending = new Set(['actions/create-github-app-token']);

/** Makes the programs, and a stand-in for each action that the workflows use, at the very commit that they name. */
export async function makeMachine(folder: string, told: Omit<Told, 'folder'>): Promise<Machine> {
  const here = import.meta.dirname;
  await build({
    entryPoints: [path.join(here, 'stand-ins.ts'), path.join(here, 'programs.ts')],
    outdir: path.join(folder, 'bundles'),
    outExtension: { '.js': '.mjs' },
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
  });
  await writeFile(path.join(folder, 'told.json'), JSON.stringify({ ...told, folder }));
  for (const [place, names] of Object.entries(programs)) {
    const directory = path.join(folder, 'programs', place);
    await mkdir(directory, { recursive: true });
    for (const name of names) {
      const file = path.join(directory, name);
      await writeFile(file, `#!/bin/sh\nexec "${process.execPath}" "${folder}/bundles/programs.mjs" ${name} "$@"\n`);
      await chmod(file, 0o755);
    }
  }
  const actions = new Map<string, string>();
  for (const used of new Set(sources.flatMap(({ steps }) => steps.flatMap(({ uses = './' }) => uses)))) {
    if (!used.startsWith('./')) actions.set(used, await makeAction(path.join(folder, 'actions', used), used));
  }
  return { path: path.join(folder, 'programs', 'runner'), actions };
}

async function makeAction(folder: string, used: string): Promise<string> {
  const [name = ''] = used.split('@');
  await mkdir(folder, { recursive: true });
  const program = (stage: string): string =>
    `const { execFileSync } = require('node:child_process');\nconst { PLAY } = process.env;\ntry {\n  execFileSync(process.execPath, [require('node:path').join(PLAY, '../bundles/stand-ins.mjs'), '${name}', '${stage}'], { stdio: 'inherit' });\n} catch {\n  process.exit(1);\n}\n`;
  await writeFile(path.join(folder, 'main.cjs'), program('main'));
  await writeFile(path.join(folder, 'post.cjs'), program('post'));
  const post = ending.has(name) ? '  post: post.cjs\n' : '';
  const text = `name: ${name}\ndescription: Stands in for it.\ninputs:\n${defaults[name] ?? '  none: {}\n'}runs:\n  using: node20\n  main: main.cjs\n${post}`;
  await writeFile(path.join(folder, 'action.yml'), text);
  return folder;
}
