import type { Rule } from '../rule.ts';

/** Nothing is deleted, thanks to `allowEmpty: false`, but nothing of the folder is followed any more either. */
export const folderEmptied: Rule = ({ folders }) =>
  folders.flatMap(({ path, before, after }) => {
    const [first] = before;
    if (first === undefined || after.length > 0) return [];
    return [
      {
        path: first.path,
        line: 1,
        object: `the folder ${path}`,
        says: 'has no object left. Argo CD refuses to delete all of them, and rolls nothing out or back until some are there again: render them with npm run synth, or remove the Application first',
      },
    ];
  });
