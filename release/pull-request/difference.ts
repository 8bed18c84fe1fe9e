import type { Tree } from '../publish/tree.ts';

/** What the commit that a tree stands on changes in the rendered files, as git prints it. */
export async function renderedDifference(tree: Tree): Promise<string> {
  const plain = ['--no-color', '--no-ext-diff', '--no-textconv'];
  return tree.git('diff', ...plain, 'HEAD~1', 'HEAD', '--', 'manifests', 'argocd');
}
