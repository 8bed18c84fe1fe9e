import type { FileComparison, FolderComparison } from '../../model/comparison.ts';
import type { Flaw } from '../../read/file.ts';
import { type FileFault, type Rule, refused } from '../../rule.ts';

export const yamlBroken: Rule = {
  id: 'yaml-broken',
  title: "A file can't be read",
  severity: refused,
  judges: 'file',
  faults: flaws(
    ['broken'],
    {
      argo: 'Argo CD applies nothing of the folder any more, also no revert of another file, while its health stays Healthy.',
      any: 'Nothing of the file can be applied, and whatever applies the folder may stop at it and leave the others out.',
    },
    'Mend the file, or render it anew.',
  ),
};

export const kindMissing: Rule = {
  id: 'kind-missing',
  title: 'A document is no object',
  severity: refused,
  judges: 'file',
  faults: flaws(
    ['no object'],
    {
      argo: 'Argo CD skips it without a word, and deletes what it stood for.',
      any: 'It is refused or skipped, and what it stood for is left as it is or deleted.',
    },
    'Give it apiVersion, kind and metadata.name, or take it out.',
  ),
};

export const folderMisread: Rule = {
  id: 'folder-misread',
  title: 'Argo CD reads the folder in another way',
  severity: refused,
  judges: 'file',
  faults: flaws(
    ['another tool'],
    {
      argo: 'Argo CD then applies what comes out of that, deletes what does not, and what stands in the other files may count for nothing.',
      any: 'What comes out of that is applied then, and what stands in the other files may count for nothing.',
    },
    'Take the file away.',
  ),
};

export const objectsHidden: Rule = {
  id: 'objects-hidden',
  title: 'Objects stand where nobody reviews them',
  severity: refused,
  judges: 'file',
  faults: flaws(
    ['hidden', 'list'],
    {
      argo: 'Argo CD applies the objects in there, and a reviewer does not see them as what they are.',
      any: 'The objects in there are applied, and a reviewer does not see them as what they are.',
    },
    'Write each object as a document of its own, in a file of this folder.',
  ),
};

/** The flaws of these kinds in files that differ. One that the file had before is not what the change does. */
function flaws(
  kinds: readonly Flaw['kind'][],
  why: { readonly argo: string; readonly any: string },
  fix: string,
): (file: FileComparison, folder: FolderComparison) => readonly FileFault[] {
  return ({ path, before, flaws: found }, { isOfArgo }) => {
    const known = new Set((before?.flaws ?? []).filter(({ kind }) => kind !== 'broken').map(({ says }) => says));
    return found
      .filter((flaw) => kinds.includes(flaw.kind) && !known.has(flaw.says))
      .map(({ line, says }) => ({
        path,
        line,
        subject: `line ${line}`,
        what: says,
        why: isOfArgo ? why.argo : why.any,
        fix,
      }));
  };
}
