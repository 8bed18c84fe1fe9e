import { z } from 'zod';
import { object } from './sentences.ts';

/** What of the repository a service's image is built from. All paths begin at the repository's root. */
export interface Build {
  /** The folder that the builder gets; `.` for the whole repository. */
  readonly context: string;
  readonly dockerfile: string;
  /** The files and folders whose change makes another image; the Dockerfile is one of them. */
  readonly paths: readonly string[];
}

/** What the Dockerfile at the root builds the example from. */
const examplePaths = ['.dockerignore', '.npmrc', 'Dockerfile', 'package-lock.json', 'package.json', 'service'];

/** Where a release writes: an image that is made of it would be released for each release. */
const written = ['apps/images', 'manifests'];

/** The build of a service, with what is left out filled in: a context of its own is what its image is made of. */
export function buildOf({ build = {} }: { readonly build?: Partial<Build> }): Build {
  const context = plain(build.context ?? '.');
  const dockerfile = plain(build.dockerfile ?? (context === '.' ? 'Dockerfile' : `${context}/Dockerfile`));
  const paths = build.paths ?? (context === '.' ? examplePaths : [context]);
  return { context, dockerfile, paths: [...new Set([...paths.map(plain), dockerfile])].toSorted() };
}

/** A path without what says nothing: `./api/` is `api`. */
function plain(path: string): string {
  return path.replace(/^(?:\.\/+)+(?=.)/, '').replace(/(?<=.)\/+$/, '');
}

const inside = ", expected a path inside the repository such as 'api'.";

/** What is wrong with a path of the repository, as the end of a sentence that quotes it; null for a right one. */
function pathFault(path: string): string | null {
  if (path === '') return inside;
  if (path.startsWith('/') || /^[a-z]:/i.test(path))
    return `, but it begins outside of the repository. Write it from the repository's root.`;
  if (path.split('/').includes('..'))
    return `, but '..' leads out of where it begins. Write it from the repository's root, without '..'.`;
  if (/[\\*?[\]{}!:]|\p{Cc}/u.test(path)) {
    return ', but it is a path and no pattern. Name a file, or a folder for all that is in it.';
  }
  return null;
}

const repositoryPath = z.string(inside).superRefine((path, context) => {
  const fault = pathFault(path);
  if (fault !== null) context.addIssue({ code: 'custom', message: fault });
});

/** As {@link repositoryPath}, for what an image is made of: no folder that a release writes to, is in, or has in it. */
const imagePath = repositoryPath.superRefine((path, context) => {
  const own = plain(path);
  const hit = written.find(
    (folder) => own === '.' || `${own}/`.startsWith(`${folder}/`) || folder.startsWith(`${own}/`),
  );
  if (hit === undefined || pathFault(path) !== null) return;
  context.addIssue({
    code: 'custom',
    message: `, but releases write to ${hit}/: each one would start the next. Name what the image is made of in paths.`,
  });
});

/** `build` of a service in settings.ts. */
export const build = object(
  {
    context: repositoryPath.exactOptional(),
    dockerfile: imagePath.exactOptional(),
    paths: z
      .array(imagePath, ", expected a list of paths such as ['api', 'shared'].")
      .min(1, 'has no entry, but an image is made of something. Leave it out for all that is in context.')
      .readonly()
      .exactOptional(),
  },
  'context, dockerfile or paths',
).superRefine((value, context) => {
  if (value.context === undefined || value.paths !== undefined || plain(value.context) === '.') return;
  const checked = imagePath.safeParse(value.context);
  for (const { message } of checked.error?.issues ?? [])
    context.addIssue({ code: 'custom', message, path: ['context'] });
});
