import { isLabel, labelRule, says } from './value.ts';

// The longest names made from it are Argo CD's application `<service>-<environment>` and the pods' `<service>-<hash>-<hash>`.
const longestService = 40;
const longestEnvironment = 20;

export function* serviceProblems(service: unknown): Generator<string> {
  if (!isLabel(service, longestService)) {
    yield `service ${says(service)}, expected a name of ${labelRule(longestService)}.`;
  } else if (service === 'default' || service === 'namespace' || service === 'root') {
    // A project `default` may do everything, namespace.yaml is a file of its own, and Argo CD starts from the application `root`.
    yield `service is '${service}', a name that is already taken in Argo CD or in manifests/. Choose another.`;
  }
}

export function* environmentNameProblems(name: string): Generator<string> {
  if (!isLabel(name, longestEnvironment)) {
    yield `environments has '${name}', expected a name of ${labelRule(longestEnvironment)}.`;
  } else if (name === 'project') {
    yield "environments has 'project', but argocd/project.yaml is the project's own file. Choose another name.";
  }
}
