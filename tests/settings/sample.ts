import { type Project, projectOf, serviceFile } from '../../apps/project.ts';
import type { WebService, WebWorkload } from '../../apps/workload/schema.ts';
import type { Settings } from '../../settings/settings.ts';

/** The image repository of the sample's service. */
export const imageRepository = 'europe-docker.pkg.dev/example-project/zerodrop/web';

/** Settings that pass every check. */
export const settings: Settings = {
  repository: 'https://github.com/example/zerodrop',
  services: [{ name: 'web', image: imageRepository }],
  environments: [{ name: 'staging' }, { name: 'production', after: 'staging' }],
  clusters: [{ name: 'main', google: { project: 'example-project', region: 'europe-west1' } }],
};

/** A workload that passes every check. */
export const workload: WebWorkload = { replicas: 3, exposure: 'load-balancer' };

/** The sample's service, but for these values. */
export function projectWith(changes: Readonly<WebService> = {}, owned: Settings = settings): Project {
  return projectOf(owned, new Map(owned.services.map(({ name }) => [name, { kind: 'web', ...workload, ...changes }])));
}

export const project = projectWith();

/** What an owner of this project has on the disk, by path. */
export function projectFiles({ settings: owned, targets }: Project): ReadonlyMap<string, string> {
  const services = owned.services.map(({ name }) => {
    const own = targets.filter(({ service }) => service.name === name);
    const web = {
      kind: 'web',
      in: Object.fromEntries(own.map((target) => [target.environment.name, target.workload])),
    };
    return [serviceFile(name), `export default ${JSON.stringify(web, null, 2)};\n`] as const;
  });
  return new Map([['settings.ts', `export const settings = ${JSON.stringify(owned, null, 2)};\n`], ...services]);
}

/** Two services in three environments that make a chain, on two clusters. */
export const larger: Settings = {
  ...settings,
  services: [
    { name: 'web', image: imageRepository },
    { name: 'api', image: 'europe-docker.pkg.dev/example-project/zerodrop/api' },
  ],
  environments: [
    { name: 'staging', cluster: 'main' },
    { name: 'preview', cluster: 'main', after: 'staging' },
    { name: 'production', cluster: 'west', after: 'preview' },
  ],
  clusters: [
    { name: 'main', google: { project: 'example-project', region: 'europe-west1' } },
    { name: 'west', google: { project: 'example-project', region: 'us-west1', name: 'west' } },
  ],
};
