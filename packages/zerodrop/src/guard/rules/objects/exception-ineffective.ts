import { didYouMean } from '../../../options.ts';
import { allowingAnnotation, ineffectiveRule, whyIneffective as why } from '../../finding.ts';
import type { ManifestObject } from '../../model/object.ts';
import { type Fault, type Rule, warned } from '../../rule.ts';

/** Begins every annotation that the guard reads. */
const ownAnnotations = allowingAnnotation.slice(0, allowingAnnotation.indexOf('/') + 1);

/** @param rules the ids of all rules; a function, since this rule is one of them */
export function exceptionIneffective(rules: () => readonly string[]): Rule {
  return {
    id: ineffectiveRule,
    title: 'An exception has no effect',
    severity: warned,
    judges: 'state',
    faults: ({ folder }) => folder.objects.flatMap((object) => ofObject(object, rules)),
  };
}

function ofObject(object: ManifestObject, rules: () => readonly string[]): readonly Fault[] {
  return object
    .field('metadata', 'annotations')
    .entries()
    .filter(([name]) => name.startsWith(ownAnnotations))
    .flatMap(([name, reason]): readonly Fault[] => {
      const at = object.field('metadata', 'annotations', name);
      const rule = name.startsWith(allowingAnnotation) ? name.slice(allowingAnnotation.length) : null;
      if (rule === null || !rules().includes(rule)) {
        const meant = didYouMean(
          name,
          rules().map((id) => `${allowingAnnotation}${id}`),
        );
        const what = `has the annotation ${name}, which ${rule === null ? 'means nothing to the guard' : 'names no rule'}`;
        return [
          {
            at,
            what,
            why,
            fix: `Write ${allowingAnnotation}RULE, with a rule that zerodrop guard --rules lists.${meant}`,
          },
        ];
      }
      if (typeof reason === 'string' && reason.trim() !== '') return [];
      return [
        {
          at,
          what: `allows ${rule} without a reason`,
          why,
          fix: 'Write the reason as the value of the annotation, as a text.',
        },
      ];
    });
}
