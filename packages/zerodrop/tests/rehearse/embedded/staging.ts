import { openEmbeddedCluster } from '../../../src/rehearse/embedded/cluster.ts';
import { build } from './tiny-repository.ts';

/** A program that stages the embedded cluster, starts two pods on it, says so and stays. */
const [directory = '', remote = '', workDirectory = ''] = process.argv.slice(2);
const target = await openEmbeddedCluster({
  directory,
  remote,
  applications: 'argocd',
  application: 'tiny-staging',
  build,
  validate: () => [],
  image: 'registry.test/team/tiny',
  workDirectory,
  endpointLagMs: 0,
  observe(observed) {
    const started = observed.kind === 'pods' && observed.pods.filter(({ state }) => state !== 'pending').length === 2;
    if (started) process.send?.('started');
  },
});
process.once('message', () => void target.follow());
process.send?.(await target.publish({ version: 'v1', revision: 'a'.repeat(40), startupMs: 0 }));
