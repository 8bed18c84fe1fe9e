import { parse } from 'yaml';
import type { Project } from '../../../apps/project.ts';
import type { Json } from '../../../cluster/terraform-json.ts';
import { block, stacksFor } from '../sample.ts';

/** The chart values of a release, as Helm reads them. */
export function valuesOf(
  project: Project,
  release: 'argocd' | 'root' | 'policy_controller' | 'admission',
): { readonly [key: string]: Json } {
  const [text] = [block(stacksFor(project), 'argocd', `helm_release.${release}`)['values']].flat();
  return parse(typeof text === 'string' ? text : '');
}
