import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Settings that have nothing of the example: other names and places, two services, three environments in a chain, two clusters. */
const settings = `import { defineSettings } from './settings/define.ts';

export const settings = defineSettings({
  repository: 'https://github.com/acme/shop',
  services: [
    { name: 'cart', image: 'europe-west4-docker.pkg.dev/acme-1/apps/cart' },
    { name: 'api', image: 'europe-west4-docker.pkg.dev/acme-1/apps/api', build: { context: 'api' } },
  ],
  environments: [
    { name: 'qa', cluster: 'near' },
    { name: 'canary', cluster: 'far', after: 'qa' },
    { name: 'live', cluster: 'far', after: 'canary', autoRollback: true },
  ],
  owners: { developers: '@acme/everybody', platform: '@acme/sre @ada', promotions: '@acme/everybody' },
  clusters: [
    {
      name: 'near',
      google: {
        project: 'acme-1',
        region: 'europe-west4',
        size: 'demo',
        name: 'shop-qa',
        nodes: { machineType: 'e2-standard-4', maximumPerZone: 4 },
        github: { ownerId: '4711', repositoryId: '815', app: { id: '42', installationId: '43' } },
        maintenanceHourUtc: 3,
      },
    },
    {
      name: 'far',
      google: {
        project: 'acme-2',
        region: 'us-central1',
        name: 'shop',
        stateBucket: 'acme-shop-states',
        network: { nodes: '10.20.0.0/24', pods: '10.32.0.0/14', services: '10.36.0.0/20' },
        github: { ownerId: '4711', repositoryId: '815' },
        argocd: {
          domain: 'argocd.acme.example',
          singleSignOn: { organisation: 'acme', adminTeam: 'sre', clientId: 'Iv1.fedcba9876543210' },
        },
        budget: { billingAccount: '0A1B2C-3D4E5F-678901', projectNumber: '1234567890', monthlyAmount: 500 },
      },
    },
  ],
});
`;

const cart = `import { webService } from '../workload/define.ts';

export default webService({
  exposure: 'cluster-ip',
  replicas: 5,
  in: { live: { namespace: 'cart-1', replicas: 4 } },
});
`;

const api = `import { webService } from '../workload/define.ts';

export default webService({ exposure: 'load-balancer', replicas: 2 });
`;

/** Changes a clone as an owner does who makes it theirs: everything that docs/ tells them to change, and nothing else. */
export async function settle(directory: string): Promise<void> {
  const inClone = (path: string): string => join(directory, path);
  await writeFile(inClone('settings.ts'), settings);
  // Whatever runs in the clone: an owner plays this as well.
  await rm(inClone('apps/services'), { recursive: true });
  await mkdir(inClone('apps/services'));
  await writeFile(inClone('apps/services/cart.ts'), cart);
  await writeFile(inClone('apps/services/api.ts'), api);
  await mkdir(inClone('api'), { recursive: true });
  await writeFile(inClone('api/Dockerfile'), 'FROM scratch\n');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await settle(process.argv[2] ?? '.');
