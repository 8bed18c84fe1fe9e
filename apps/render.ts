import { Document, isScalar, visit } from 'yaml';
import { RenderError } from '../settings/settings-error.ts';
import { isRecord } from '../settings/value.ts';
import { application, linkAnnotations } from './argo/application.ts';
import { type GroupKind, isIn, project } from './argo/project.ts';
import { manifestsPath, pinPath, type Pins } from './pins.ts';
import { applicationPath, type Project, projectPath, serviceFile, type Target } from './project.ts';
import { targetDocuments, type TargetDocuments } from './target-documents.ts';
import { folderProblems, namespacedKinds } from './validate.ts';

/**
 * Every rendered file by its path in the repository: what runs for each target, and Argo CD's own objects. Throws a
 * {@link RenderError} where a target's rollout does not hold, and for what an API server or Argo CD would refuse.
 */
export function render({ settings, targets }: Project, pins: Pins): ReadonlyMap<string, string> {
  const files = new Map<string, string>();
  const problems: string[] = [];
  // Each cluster has an Argo CD of its own, and in its folder what is on that cluster.
  for (const argoFolder of new Set(targets.map((target) => target.argoFolder))) {
    const argo: unknown[] = [];
    const here = targets.filter((target) => target.argoFolder === argoFolder);
    for (const own of byService(here).values()) {
      const kinds: GroupKind[] = [];
      for (const target of own) {
        const rendered = renderTarget(settings.repository, target, pins);
        for (const [path, text] of rendered.files) files.set(path, text);
        kinds.push(...rendered.kinds.filter((kind) => !isIn(kinds, kind)));
        problems.push(...rendered.problems);
        const follower = application(settings.repository, target);
        files.set(applicationPath(target), renderYaml(['settings.ts', 'apps/argo/application.ts'], [follower]));
        argo.push(follower);
      }
      const permitted = project(settings.repository, own, kinds);
      files.set(projectPath(own[0]), renderYaml(['settings.ts', 'apps/argo/project.ts'], [permitted]));
      argo.push(permitted);
    }
    problems.push(...folderProblems(argo, null).map((problem) => `${argoFolder}/: ${problem}`));
  }
  if (problems.length > 0) throw new RenderError(problems);
  return files;
}

/** Targets by their service, in the order of the settings. */
function byService(targets: readonly Target[]): ReadonlyMap<string, readonly [Target, ...Target[]]> {
  const found = new Map<string, readonly [Target, ...Target[]]>();
  for (const target of targets) {
    const before = found.get(target.service.name);
    found.set(target.service.name, before === undefined ? [target] : [...before, target]);
  }
  return found;
}

/** What runs for one target, the kinds of that, and what is wrong with it. */
function renderTarget(
  repository: string,
  target: Target,
  pins: Pins,
): {
  readonly files: ReadonlyMap<string, string>;
  readonly kinds: readonly GroupKind[];
  readonly problems: readonly string[];
} {
  const { path, service, namespace } = target;
  const image = pins.get(path)?.image ?? null;
  const make = (reference: string | null): TargetDocuments =>
    targetDocuments(target, reference, linkAnnotations(repository, path));
  const documents = make(image);
  // A Deployment that comes with the first release is checked before it.
  const checked = image === null ? make(`${service.image}:unreleased@sha256:${'0'.repeat(64)}`) : documents;
  const folder = manifestsPath(path);
  const found = folderProblems([...checked.namespace, ...checked.service], namespace);
  return {
    files: new Map([
      [`${folder}/namespace.yaml`, renderYaml(['settings.ts', 'apps/namespace.ts'], documents.namespace)],
      [
        `${folder}/${service.name}.yaml`,
        renderYaml(['settings.ts', serviceFile(service.name), pinPath(path)], documents.service),
      ],
    ]),
    kinds: namespacedKinds(checked.service),
    problems: found.map((problem) => `${folder}/: ${problem}`),
  };
}

// What an object is comes first, at each level; the rest by name, whatever order it was made in.
const first = ['apiVersion', 'kind', 'metadata', 'name', 'namespace'];

function rank(key: string): number {
  const index = first.indexOf(key);
  return index === -1 ? first.length : index;
}

function byImportance(a: string, b: string): number {
  return rank(a) - rank(b) || (a < b ? -1 : 1);
}

/**
 * The text of a rendered file: a line that says where it is from, then its documents. Same documents, same bytes.
 *
 * `sources` are the files that a person edits instead.
 */
export function renderYaml(sources: readonly string[], documents: readonly unknown[]): string {
  const header = `# Rendered from ${sources.join(', ')} by \`npm run synth\`. Do not edit.\n`;
  return header + documents.map((document) => linesOf(document, '') ?? textOf(document)).join('---\n');
}

/**
 * The lines of a map or a list behind this indentation, as {@link textOf} writes them and in a tenth of its time, which is most of a synth of
 * many services. Null where that has to write the whole document: a text of several lines, or no plain data.
 */
function linesOf(value: unknown, indent: string): string | null {
  const deeper = `${indent}  `;
  if (Array.isArray(value)) {
    const items = value.map((item: unknown) => wordOf(item) ?? linesOf(item, deeper)?.slice(deeper.length, -1) ?? null);
    return items.includes(null) ? null : items.map((item) => `${indent}- ${item}\n`).join('');
  }
  if (!isRecord(value) || Object.getPrototypeOf(value) !== Object.prototype) return null;
  const entries = Object.keys(value)
    .toSorted(byImportance)
    .map((key) => {
      const [name, inner] = [wordOf(key), value[key]];
      const word = wordOf(inner);
      const lines = word === null ? linesOf(inner, deeper) : null;
      if (name === null || key.length > 100 || (word === null && lines === null)) return null;
      return word === null ? `${indent}${name}:\n${lines}` : `${indent}${name}: ${word}\n`;
    });
  return entries.includes(null) ? null : entries.join('');
}

/** Texts that no reader takes for anything else: a letter first, and a sign within. */
const plain = /^[A-Za-z][A-Za-z0-9]*(?:[-._/:@]+[A-Za-z0-9]+)+$/;
/** How the library writes what it was asked for before. The same few words make up nearly all that is rendered. */
const words = new Map<unknown, string | null>();

/** A value or a key that is written in one line; null for any other. */
function wordOf(value: unknown): string | null {
  if (typeof value === 'string' && plain.test(value)) return value;
  if (Array.isArray(value)) return value.length === 0 ? '[]' : null;
  if (isRecord(value)) return Object.keys(value).length === 0 ? '{}' : null;
  const known = words.get(value);
  if (known !== undefined) return known;
  const isPlain = value === null || ['string', 'number', 'boolean'].includes(typeof value);
  const word = isPlain ? (/^k: (.*)\n$/.exec(textOf({ k: value }))?.[1] ?? null) : null;
  words.set(value, word);
  return word;
}

// Go's parser, which Kubernetes reads YAML with, takes 0o17 and 1e1_0 for numbers too; in YAML 1.1 they are text.
const numberOfGo = /^[-+]?(?:0[bBoOxX]|\.?\d[\d_.eE+-]*$)/;

function textOf(object: unknown): string {
  // 1.1 quotes `yes`, `on` and `12:30`, which Kubernetes reads as other things than strings.
  const document = new Document(object, {
    version: '1.1',
    aliasDuplicateObjects: false,
    sortMapEntries: (a: { readonly key: unknown }, b: { readonly key: unknown }) =>
      byImportance(String(a.key), String(b.key)),
  });
  visit(document, (_key, node) => {
    if (isScalar(node) && typeof node.value === 'string' && numberOfGo.test(node.value)) node.type = 'QUOTE_DOUBLE';
  });
  // Folding would hide a change in a diff.
  return document.toString({ lineWidth: 0 });
}
