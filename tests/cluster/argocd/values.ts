import { parse } from 'yaml';
import type { Json } from '../../../cluster/terraform-json.ts';
import type { Settings } from '../../../settings/settings.ts';
import { block, stacksFor } from '../sample.ts';

/** The chart values of a release, as Helm reads them. */
export function valuesOf(settings: Settings, release: 'argocd' | 'root'): { readonly [key: string]: Json } {
  const [text] = [block(stacksFor(settings), 'argocd', `helm_release.${release}`)['values']].flat();
  return parse(typeof text === 'string' ? text : '');
}
