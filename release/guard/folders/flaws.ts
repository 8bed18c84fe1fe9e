import type { Flaw } from '../documents.ts';
import type { Rule } from '../rule.ts';

/** Argo CD applies nothing of a folder that holds such a file, and goes on calling it healthy. */
export const yamlBroken: Rule = flaws(
  'no YAML',
  'Argo CD applies nothing of the folder any more, also no revert of another file: render it anew with npm run synth',
);

/** The most silent of all: nothing fails, and what the document stood for is gone. */
export const kindMissing: Rule = flaws(
  'no object',
  'Argo CD skips it without a word and prunes what it stood for: give it apiVersion, kind and name after a line `---`, or take it out',
);

/** One file is enough: the others are then no manifests, but what the tool may use or leave out. */
export const folderMisread: Rule = flaws(
  'another tool',
  'Argo CD has that make the manifests of the folder from now on, and prunes what it does not make: take the file away',
);

/** What is hidden from this guard is hidden from whoever reviews it. */
export const objectsHidden: Rule = flaws(
  'hidden objects',
  'Argo CD applies the objects in there, and no rule has judged them: write each as a document of its own',
);

/** Finds the flaws of one kind in files that are touched. */
function flaws(kind: Flaw['kind'], cost: string): Rule {
  return ({ files }) =>
    files.flatMap(({ path, flaws: found }) =>
      found
        .filter((flaw) => flaw.kind === kind)
        .map(({ line, says }) => {
          return {
            path,
            line: line ?? 1,
            object: line === null ? 'the file' : `line ${line}`,
            says: `${says}. ${cost}`,
          };
        }),
    );
}
