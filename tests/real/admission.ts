import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';
import { run } from 'zerodrop/rehearse';
import { projectOf } from '../../apps/project.ts';
import { admissionObjects } from '../../cluster/argocd/admission.ts';
import { clustersOf } from '../../cluster/cluster-project.ts';
import { signerOf } from '../../cluster/identities.ts';
import { perform, say, signal, takeDowns } from './play.ts';
import { openCluster } from './rules/cluster.ts';
import type { Manifest } from './rules/manifest.ts';

// Installs the definition of ClusterImagePolicy, as policy-controller's Go module has it, on a real API server, and asks whether it takes
// what the release `admission` installs, strictly. Removes all of it at the end. .ci/lab-definitions starts it.

/** The version of policy-controller that the pinned chart carries (cluster/stack.ts). */
const controller = 'github.com/sigstore/policy-controller@v0.13.1';
const asked = { directory: process.cwd(), environment: process.env, signal };

await perform(async () => {
  const { Dir: folder }: { Dir: string } = JSON.parse(await run(asked, 'go', 'mod', 'download', '-json', controller));
  const published = parse(readFileSync(path.join(folder, 'config/300-clusterimagepolicy.yaml'), 'utf8'));
  // Its conversion is the controller's, of which there is no image here. Both versions have the fields of this policy.
  const definition = { ...published, spec: { ...published.spec, conversion: { strategy: 'None' } } };
  const cluster = await openCluster();
  takeDowns.push(async () => cluster.close());
  takeDowns.push(async () => cluster.remove(definition));
  assert.equal((await cluster.apply(definition)).message, null);
  await run(
    asked,
    'kubectl',
    'wait',
    '--for=condition=Established',
    '--timeout=60s',
    `crd/${definition.metadata.name}`,
  );

  const google = { project: 'example-project', region: 'europe-west1' };
  const project = projectOf(
    {
      repository: 'https://github.com/example/zerodrop',
      services: ['web', 'api'].map((name) => ({
        name,
        image: `europe-west1-docker.pkg.dev/example-project/own/${name}`,
      })),
      environments: [{ name: 'production' }],
      clusters: [{ name: 'main', google }],
    },
    new Map(['web', 'api'].map((name) => [name, { kind: 'web', replicas: 2, exposure: 'cluster-ip' }])),
  );
  const [own] = clustersOf(project);
  assert.ok(own);
  const signer = signerOf(project.settings.repository);
  let taken = 0;
  for (const mode of ['warn', 'enforce'] as const) {
    const objects: Manifest[] = JSON.parse(JSON.stringify(admissionObjects(own, { mode, signer })));
    for (const object of objects) {
      assert.deepEqual((await cluster.apply(object, 'strictly')).message, null);
      taken += 1;
      // The others are asked about without being made, and so need their namespace.
      if (object.kind !== 'Namespace' || mode === 'enforce') continue;
      assert.equal((await cluster.apply(object)).message, null);
      takeDowns.push(async () => cluster.remove(object));
    }
    const policy = objects.find(({ kind }) => kind === 'ClusterImagePolicy');
    assert.ok(policy);
    const wrong = JSON.parse(JSON.stringify(policy).replace('"identities"', '"identites"'));
    assert.match((await cluster.apply(wrong, 'strictly')).message ?? '', /unknown field|field not declared/);
  }
  say(`${taken} objects of the release admission are taken strictly, and a policy with a misspelled field is refused`);
});
