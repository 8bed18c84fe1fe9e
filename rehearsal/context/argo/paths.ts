/** Where Argo CD keeps its Applications and projects. */
export const argoNamespace = 'argocd';

/** Where the Kubernetes API keeps the objects that a play makes and takes away, beyond those that it follows. */

export const projectsPath = (namespace: string): string =>
  `/apis/argoproj.io/v1alpha1/namespaces/${namespace}/appprojects`;
export const namespacePath = (name: string): string => `/api/v1/namespaces/${name}`;
