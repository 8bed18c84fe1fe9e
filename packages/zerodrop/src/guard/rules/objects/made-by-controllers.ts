import { isMadeByControllers } from '../../model/made-kinds.ts';
import { type Rule, warnedElsewhere } from '../../rule.ts';

/** A project may permit ReplicaSets and pods, since Argo CD hides them otherwise; so it applies one that git brings. */
export const madeByControllers: Rule = {
  id: 'made-by-controllers',
  title: 'Git brings an object that only controllers make',
  severity: warnedElsewhere,
  judges: 'state',
  sparesNew: ['any'],
  faults: ({ folder }) =>
    folder.objects
      .filter((object) => isMadeByControllers(object.type))
      .map((object) => ({
        at: object.field('kind'),
        what: 'is of a kind that only the controllers of Kubernetes make',
        why: `No release and no rollback replaces a ${object.kind} that git brings, and a Service that finds it sends it requests.`,
        fix: 'Commit the object that it is made of, such as a Deployment.',
      })),
};
