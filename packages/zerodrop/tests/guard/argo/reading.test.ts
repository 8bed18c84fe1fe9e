import { readFileSync } from 'node:fs';
import path from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { expect, test } from 'vitest';
import { compare } from '../../../src/guard/compare.ts';
import { judge } from '../../../src/guard/index.ts';
import type { ManifestObject } from '../../../src/guard/model/object.ts';
import { hookTypes, isHook, waveOf } from '../../../src/guard/model/sync.ts';
import { candidates } from '../../../src/guard/read/candidates.ts';
import type { Flaw } from '../../../src/guard/read/file.ts';
import type { Content, Files } from '../../../src/guard/read/files.ts';

/** A folder that Argo CD was asked to read. */
interface Case {
  readonly name: string;
  readonly directory?: object;
  readonly files: Readonly<Record<string, string>>;
  /** Symbolic links, and where each leads from its own folder. */
  readonly links?: Readonly<Record<string, string>>;
}

/** What Argo CD made of it; tests/real/reading.ts of the repository has written it. */
interface Reading {
  readonly read?: readonly string[];
  readonly error?: string;
  readonly hooks: Readonly<Record<string, readonly string[]>>;
  readonly ordinary: readonly string[];
  readonly waves: Readonly<Record<string, number>>;
}

const load = (name: string): unknown =>
  JSON.parse(readFileSync(path.join(import.meta.dirname, 'reading', name), 'utf8'));
const cases = load('cases.json') as readonly Case[];
const { cases: readings } = load('argo-cd.json') as { readonly cases: Readonly<Record<string, Reading>> };

const folder = 'manifests/production';

/** The files of a case, and the Application that reads them. */
function filesOf({ files, links = {}, directory }: Case): Files {
  const source = {
    repoURL: 'https://git.example/shop',
    targetRevision: 'main',
    path: folder,
    ...(directory && { directory }),
  };
  const application = {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Application',
    metadata: { name: 'web', namespace: 'argocd' },
    spec: { project: 'web', source, destination: { namespace: 'shop' } },
  };
  return new Map<string, Content>([
    ['argocd/web.yaml', JSON.stringify(application)],
    ...Object.entries(files).map(([file, text]) => [`${folder}/${file}`, text] as const),
    // As git's files are read.
    ...Object.entries(links).map(
      ([link, target]) => [`${folder}/${link}`, { why: `is a symbolic link to ${target}`, object: target }] as const,
    ),
  ]);
}

/** What the guard reads in the folder of a case. */
function guardReads(one: Case): { readonly objects: readonly ManifestObject[]; readonly flaws: readonly Flaw[] } {
  const { before, after } = candidates(new Map(), filesOf(one), 'any');
  const { folders } = compare(before, after, 'any', new Set());
  const found = folders.find(({ path: name }) => name === folder);
  return { objects: found?.after.written ?? [], flaws: found?.files.flatMap(({ flaws }) => flaws) ?? [] };
}

function reading(name: string): Reading {
  const found = readings[name];
  if (found === undefined) throw new Error(`Argo CD was not asked about ${name}: run tests/real/reading.ts.`);
  return found;
}

/** The name of each object of a case, as the guard reads them. */
function objectsOf(name: string): readonly ManifestObject[] {
  return cases.filter((one) => one.name === name).flatMap((one) => guardReads(one).objects);
}

/** True where the guard reads what Argo CD reads, or says of a file that Argo CD can't read that it is broken. */
function agrees(one: Case): boolean {
  const { read, error } = reading(one.name);
  const { objects, flaws } = guardReads(one);
  const isBroken = flaws.some(({ kind, isSkipped }) => ['broken', 'no kind'].includes(kind) && isSkipped !== true);
  if (error !== undefined || isBroken) return isBroken && error !== undefined;
  // What the guard can't tell it says.
  if (flaws.length > 0) return true;
  return isDeepStrictEqual(objects.map(({ kind, name }) => `${kind}/${name}`).toSorted(), read);
}

const linked = cases.filter(({ links }) => links !== undefined);

test.each(
  linked.flatMap((one) => [
    { ...one, profile: 'lossless' as const },
    { ...one, profile: 'any' as const },
  ]),
)('$name: the guard says by $profile what it does not read', ({ profile, ...one }) => {
  const { findings } = judge(new Map(), filesOf(one), { profile });
  const hidden = findings.filter(({ rule }) => rule === 'objects-hidden').map(({ path: name }) => name);
  // Argo CD follows a link to a file, and none to a folder.
  const isFollowed = (reading(one.name).read ?? []).length > 1;
  expect(hidden.length > 0 || !isFollowed).toBe(true);
});

test.each(cases.filter((one) => !linked.includes(one)))('$name: the guard reads it as Argo CD does', (one) => {
  expect(agrees(one)).toBe(true);
});

test.each(objectsOf('hooks').map((object) => [object.name, object] as const))('hook: %s', (name, object) => {
  const { hooks, ordinary } = reading('hooks');
  expect(isHook(object)).toBe(!ordinary.includes(name));
  const waiting = hookTypes(object).filter((type) => !['Skip', 'SyncFail'].includes(type));
  expect(waiting.toSorted()).toEqual((hooks[name] ?? []).toSorted());
});

test.each(objectsOf('waves').map((object) => [object.name, object] as const))('wave: %s', (name, object) => {
  expect(waveOf(object)).toBe(reading('waves').waves[name] ?? 0);
});
