import { isLabel, isRecord, labelRule, says, unknownKeys } from './value.ts';

// The longest names made from it are Argo CD's application `<service>-<environment>` and the pods' `<service>-<hash>-<hash>`.
const longestService = 40;
const longestEnvironment = 20;

export function* serviceProblems(service: unknown): Generator<string> {
  if (!isLabel(service, longestService)) {
    yield `service ${says(service)}, expected a name of ${labelRule(longestService)}.`;
  } else if (service === 'default' || service === 'namespace') {
    // A project `default` may do everything, and namespace.yaml is a file of its own.
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

/** `git@host:path` is the only form without a scheme; a rehearsal reads `http://` and `file://`. */
export function* repositoryProblems(repository: unknown): Generator<string> {
  const expected = 'expected https://, ssh:// or git@host:path (http:// or file:// for a rehearsal)';
  if (typeof repository !== 'string') {
    yield `repository ${says(repository)}, ${expected}.`;
    return;
  }
  if (/^git@[A-Za-z0-9.-]+:[^\s/]\S*$/.test(repository)) return;
  const url = URL.canParse(repository) ? new URL(repository) : null;
  const schemes = ['https:', 'ssh:', 'http:', 'file:'];
  if (url === null || !schemes.includes(url.protocol) || url.pathname.length < 2 || /\s/.test(repository)) {
    yield `repository ${says(repository)}, ${expected}.`;
  } else if (url.password !== '' || (url.username !== '' && url.protocol !== 'ssh:')) {
    // Not quoted: it would print the secret into a log.
    yield 'repository holds a user or a password, which would be committed in argocd/. Give it to Argo CD as a repository secret instead.';
  }
}

export function* imageProblems(image: unknown): Generator<string> {
  const expected = "expected an image repository such as 'europe-docker.pkg.dev/project/repository/name'";
  if (typeof image === 'string' && /@|:[^/]*$/.test(image)) {
    yield `image is '${image}', but tag and digest belong to a release and are pinned by it. Leave them out.`;
  } else if (
    typeof image !== 'string' ||
    !/^(?:[A-Za-z0-9.-]+(?::\d+)?\/)?[a-z0-9]+(?:[._/-]+[a-z0-9]+)*$/.test(image)
  ) {
    yield `image ${says(image)}, ${expected}.`;
  }
}

export function* googleProblems(google: unknown): Generator<string> {
  if (!isRecord(google)) {
    yield `google ${says(google)}, expected an object with project and region.`;
    return;
  }
  yield* unknownKeys('google.', google, ['project', 'region']);
  const { project, region } = google;
  if (typeof project !== 'string' || !/^[a-z][a-z0-9-]{4,28}[a-z0-9]$/.test(project)) {
    yield `google.project ${says(project)}, expected a project id: 6 to 30 lower case letters, digits and hyphens, a letter first.`;
  }
  if (typeof region !== 'string' || !/^[a-z]+-[a-z]+\d{1,2}$/.test(region)) {
    yield `google.region ${says(region)}, expected a region such as 'europe-west1', not a zone.`;
  }
}
