import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { parse } from 'yaml';
import type { ArgoObjects } from './own-objects.ts';

/** Reads the project and one environment's Application as the scratch clone has rendered them. */
export async function renderedObjects(directory: string, environment: string): Promise<ArgoObjects> {
  const [project, application] = await Promise.all(
    ['project', environment].map(async (name) =>
      parse(await readFile(path.join(directory, 'argocd', `${name}.yaml`), 'utf8')),
    ),
  );
  return { project, application };
}
