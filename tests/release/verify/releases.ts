import { imageOf } from 'zerodrop/tests/verify/sample.ts';
import { formatPin, pinPath } from '../../../apps/pins.ts';
import type { Repository } from '../repository.ts';

/** What a release commits beside its tag. */
interface Other {
  readonly source?: string;
  /** Of the Deployment and its container. */
  readonly name?: string;
  readonly annotations?: Readonly<Record<string, string>>;
}

/** Commits a release to staging: its pin, and a Deployment that is as small as it can be. Returns the commit. */
export function commitPinned(repository: Repository, tag: string, other: Other = {}): string {
  const { source = '5'.repeat(40), name = 'web', annotations } = other;
  const image = imageOf(tag);
  const spec = { template: { spec: { containers: [{ name, image }] } } };
  const deployment = { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name, annotations }, spec };
  repository.write(pinPath('staging/web'), formatPin({ image, source }));
  repository.write('manifests/staging/web/web.yaml', JSON.stringify(deployment));
  return commitAll(repository, `Release web ${tag} to staging`);
}

/** Commits whatever was written. Returns the commit. */
export function commitAll(repository: Repository, subject: string): string {
  repository.commit(subject);
  return repository.head();
}
