import { expect, test } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { readPins } from '../../apps/pins.ts';
import { loadProject, pathsOf } from '../../apps/project.ts';
import { render } from '../../apps/render.ts';
import { folderProblems } from '../../apps/validate.ts';

// What the settings, the pins and apps/ of any owner have to satisfy. No other test of the product asserts what an owner may change.
const project = await loadProject('.');
const targets = project.targets.map(({ path, namespace }) => [path, namespace] as const);
const files = render(project, await readPins('.', pathsOf(project)));

/** The objects of a folder as Kubernetes reads their text. */
function objectsIn(folder: string): unknown[] {
  const texts = [...files].filter(([path]) => path.startsWith(folder)).map(([, text]) => text);
  return texts.flatMap((text) =>
    parseAllDocuments(text, { version: '1.1' }).map((document): unknown => document.toJS()),
  );
}

test.each(targets)('what is rendered for %s is what a cluster takes', (name, namespace) => {
  expect(folderProblems(objectsIn(`manifests/${name}/`), namespace)).toEqual([]);
});

test.each([...new Set(project.targets.map(({ argoFolder }) => argoFolder))])(
  'the Argo CD that follows %s gets a project for each service, and an application for each target there',
  (folder) => {
    const objects = objectsIn(`${folder}/`);
    const here = project.targets.filter(({ argoFolder }) => argoFolder === folder);
    expect(folderProblems(objects, null)).toEqual([]);
    expect(objects).toHaveLength(new Set(here.map(({ service }) => service.name)).size + here.length);
  },
);
