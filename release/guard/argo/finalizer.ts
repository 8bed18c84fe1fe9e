/** True for the finalizer by which an Application that is deleted deletes all that it has made; it has a `/background` form. */
export function deletesItsObjects(finalizer: unknown): boolean {
  return typeof finalizer === 'string' && finalizer.startsWith('resources-finalizer.argocd.argoproj.io');
}
