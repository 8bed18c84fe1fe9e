import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { renderHere } from './render-here.ts';
import { emptyRepository, type Repository } from './repository.ts';

// What the release and the renderer are made of; the renderer's packages are those of this project.
const parts = [
  'apps',
  'cluster/identities.ts',
  'github',
  'release',
  'settings',
  'settings.ts',
  'package.json',
  'package-lock.json',
];

/** A repository with this project's own programs in it, as they are on the disk, rendered and committed. */
export async function projectRepository(): Promise<Repository> {
  const repository = emptyRepository();
  const listed = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard', '--', ...parts], {
    encoding: 'utf8',
  });
  for (const path of new Set(listed.split('\0'))) {
    if (path === '' || path.startsWith('apps/images/')) continue;
    // Git lists what was just removed as well, until that is committed.
    if (existsSync(path)) repository.write(path, readFileSync(path, 'utf8'));
  }
  await renderHere(repository.directory);
  repository.commit('Begin');
  return repository;
}
