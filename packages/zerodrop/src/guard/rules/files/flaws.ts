import type { FileComparison, FolderComparison } from '../../model/comparison.ts';
import type { Flaw } from '../../read/file.ts';
import { type FileFault, type Rule, refused } from '../../rule.ts';

const skipped = 'Argo CD skips it without a word, and deletes what it stood for.';

export const yamlBroken: Rule = {
  id: 'yaml-broken',
  title: "A file can't be read",
  severity: refused,
  judges: 'file',
  faults: flaws(
    {
      broken: {
        argo: 'Argo CD applies nothing of the folder any more, also no revert of another file, while its health stays Healthy.',
        skipped,
        any: 'Nothing of the file can be applied, and whatever applies the folder may stop at it and leave the others out.',
      },
    },
    'Mend the file, or render it anew.',
  ),
};

export const yamlMisread: Rule = {
  id: 'yaml-misread',
  title: 'A file is read in another way than it seems',
  severity: refused,
  judges: 'file',
  faults: flaws(
    {
      misread: {
        argo: 'Argo CD applies it so, and what its author meant besides is not applied, or is deleted.',
        any: 'Some programs refuse the file, and others apply it so and leave out what its author meant besides.',
      },
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
    {
      'no kind': {
        argo: 'Argo CD refuses the file for it and applies nothing of the folder any more, also no revert of another file.',
        skipped,
        any: 'It is refused or skipped, and what it stood for is left as it is or deleted.',
      },
      'no name': {
        argo: "Argo CD can't apply it, and each sync of the folder fails, also that of a revert.",
        any: 'It is refused, and what it stood for is left as it is.',
      },
      'generated name': {
        argo: "Argo CD can't apply it, and each sync of the folder fails, also that of a revert.",
        any: 'It can be created and not applied.',
      },
      'cut off': {
        argo: skipped,
        any: 'It is refused or skipped, and what it stood for is left as it is or deleted.',
      },
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
    {
      'another tool': {
        argo: 'Argo CD then applies what comes out of that, deletes what does not, and what stands in the other files may count for nothing.',
        any: 'What comes out of that is applied then, and what stands in the other files may count for nothing.',
      },
    },
    'Take the file away.',
  ),
};

const hidden: Cost = {
  argo: 'Argo CD applies the objects in there, and a reviewer does not see them as what they are.',
  any: 'The objects in there are applied, and a reviewer does not see them as what they are.',
};

export const objectsHidden: Rule = {
  id: 'objects-hidden',
  title: 'Objects stand where nobody reviews them',
  severity: refused,
  judges: 'file',
  faults: flaws({ hidden, list: hidden }, 'Write each object as a document of its own, in a file of this folder.'),
};

/** What a flaw costs where Argo CD applies the folder, and where nobody knows what does. */
interface Cost {
  readonly argo: string;
  /** Where Argo CD takes the file for no manifest. */
  readonly skipped?: string;
  readonly any: string;
}

/** The flaws of some kinds in files that differ. One that the file had before is not what the change does. */
function flaws(
  costs: Readonly<Partial<Record<Flaw['kind'], Cost>>>,
  fix: string,
): (file: FileComparison, folder: FolderComparison) => readonly FileFault[] {
  return ({ path, before, flaws: found }, { isOfArgo }) => {
    const known = new Set((before?.flaws ?? []).filter(({ kind }) => kind !== 'broken').map(({ says }) => says));
    return found.flatMap(({ kind, line, says, isSkipped }) => {
      const cost = costs[kind];
      if (cost === undefined || known.has(says)) return [];
      const ofArgo = isSkipped === true ? (cost.skipped ?? cost.argo) : cost.argo;
      return [{ path, line, subject: `line ${line}`, what: says, why: isOfArgo ? ofArgo : cost.any, fix }];
    });
  };
}
