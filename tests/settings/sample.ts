import type { EnvironmentSettings, Settings } from '../../settings/settings.ts';

/** An environment that passes every check. */
export const environment: EnvironmentSettings = { namespace: 'web-production', replicas: 3, exposure: 'load-balancer' };

/** Settings that pass every check. */
export const settings: Settings = {
  service: 'web',
  repository: 'https://github.com/example/zerodrop',
  image: 'europe-docker.pkg.dev/example-project/zerodrop/web',
  environments: { staging: { ...environment, namespace: 'web-staging' }, production: environment },
  google: { project: 'example-project', region: 'europe-west1' },
};
