import type { Settings } from '../settings/settings.ts';

/** Where GitHub looks for it. */
export const codeOwnersPath = '.github/CODEOWNERS';

/** What can change the cluster, what runs in it, or who may change it. */
const guarded = [
  '/.ci/',
  '/.github/',
  '/.npmrc',
  '/apps/',
  '/argocd/',
  '/checks/',
  '/cluster/',
  '/github/',
  '/packages/',
  '/package.json',
  '/package-lock.json',
  '/pipeline/',
  '/release/',
  '/settings.ts',
  '/settings/',
  '/renovate.json',
  '/tests/github/',
  '/tsconfig.json',
  '/vitest.config.ts',
];

/** A pattern with whom GitHub asks, below those before it. */
function line(pattern: string, owners: string): string {
  return `${pattern.padEnd(30)}${pattern.length < 30 ? '' : ' '}${owners}`;
}

/**
 * CODEOWNERS by its path, as the owners of the settings make it; nothing where the settings name none, and the file is written by hand.
 */
export function codeOwners({
  owners,
  environments,
}: Pick<Settings, 'owners' | 'environments'>): ReadonlyMap<string, string> {
  if (owners === undefined) return new Map();
  const promoted = environments.filter(({ after }) => after !== undefined).map(({ name }) => name);
  const lines = [
    '# Rendered from owners in settings.ts by `npm run synth`. Do not edit. The last line that matches counts.',
    line('*', owners.developers),
    '',
    '# What can change the cluster, what runs in it, or who may change it.',
    ...guarded.map((pattern) => line(pattern, owners.platform)),
    ...(promoted.length === 0 ? [] : ['', '# A promotion: merging it rolls an environment out.']),
    ...promoted.flatMap((name) =>
      [`/apps/images/${name}/`, `/manifests/${name}/`].map((pattern) => line(pattern, owners.promotions)),
    ),
  ];
  return new Map([[codeOwnersPath, `${lines.join('\n')}\n`]]);
}
