import { posix } from 'node:path';
import { build, type Plugin } from 'esbuild';

/**
 * What esbuild makes of the service's own files: the program, without comments, types and white space, and without files that no
 * module imports. Packages stay outside. Null where the files make no program.
 *
 * @param files the text of each file under service/, by path
 */
export async function bundledService(files: ReadonlyMap<string, string>): Promise<string | null> {
  try {
    const { outputFiles } = await build({
      // The program, and what the Dockerfile builds it with.
      entryPoints: ['service/main.ts', 'service/build.ts'],
      outdir: '/',
      write: false,
      bundle: true,
      platform: 'node',
      format: 'esm',
      minifyWhitespace: true,
      legalComments: 'none',
      tsconfigRaw: {},
      logLevel: 'silent',
      plugins: [readingFrom(files)],
    });
    return outputFiles
      .map(({ path, text }) => `${path}\n${text}`)
      .toSorted()
      .join('\n');
  } catch {
    return null;
  }
}

/** Lets esbuild read a commit's files instead of those on the disk. */
function readingFrom(files: ReadonlyMap<string, string>): Plugin {
  return {
    name: 'commit',
    setup(building) {
      building.onResolve({ filter: /.*/ }, ({ path, importer, kind }) => {
        if (kind === 'entry-point') return { path: posix.normalize(path), namespace: 'commit' };
        if (!path.startsWith('.')) return { path, external: true };
        return { path: posix.join(posix.dirname(importer), path), namespace: 'commit' };
      });
      building.onLoad({ filter: /.*/, namespace: 'commit' }, ({ path }) => {
        const contents = files.get(path);
        return contents === undefined
          ? { errors: [{ text: `${path} is not there.` }] }
          : { contents, loader: path.endsWith('.json') ? 'json' : 'ts' };
      });
    },
  };
}
