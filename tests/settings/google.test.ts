import { describe, expect, test } from 'vitest';
import { problems, sentences } from './google/sample.ts';

test('asks for an object', () => {
  expect(sentences(undefined)).toEqual(['google is missing, expected an object with project and region.']);
});

test('names every wrong setting at once', () => {
  expect(problems({ region: 'mars', nodes: { diskGb: 1, spott: true }, network: { pods: 14 } })).toHaveLength(4);
});

describe('places and names', () => {
  test.each([
    {},
    { size: 'production' },
    { size: 'demo' },
    { size: 'demo', zone: 'asia-southeast2-c' },
    { name: 'a' },
    { name: 'abcdefghijklmnopqrstuvw' },
    { stateBucket: 'example_state-1' },
  ])('takes %j', (change) => {
    expect(problems(change)).toEqual([]);
  });

  test.each([
    [{ project: 'Example' }, "google.project is 'Example', expected a project id: 6 to 30 lower case letters"],
    [
      { region: 'europe-west1-b' },
      "google.region is 'europe-west1-b', expected a region such as 'europe-west1', not a zone.",
    ],
    [{ region: 'mars' }, "google.region is 'mars', expected a region"],
    [{ size: 'large' }, "google.size is 'large', expected one of production, demo."],
    [
      { zone: 'asia-southeast2-a' },
      "google.zone is 'asia-southeast2-a', but a production cluster takes three zones of its region. Leave it out, or set google.size to demo.",
    ],
    [
      { size: 'demo', zone: 'europe-west1-b' },
      "google.zone is 'europe-west1-b', expected a zone of google.region such as 'asia-southeast2-b'.",
    ],
    [{ size: 'demo', zone: 'b' }, "google.zone is 'b', expected a zone of google.region such as 'asia-southeast2-b'."],
    [
      { name: 'abcdefghijklmnopqrstuvwx' },
      "google.name is 'abcdefghijklmnopqrstuvwx', expected a name of lower case letters, digits and hyphens",
    ],
    [{ name: 'Zero' }, "google.name is 'Zero', expected a name"],
    [{ name: 'gcp' }, "google.name is 'gcp', but Google reserves names of identity pools that begin with 'gcp-'."],
    [{ stateBucket: 'ab' }, "google.stateBucket is 'ab', expected 3 to 63 lower case letters"],
    [
      { stateBucket: 'my-google-state' },
      "google.stateBucket is 'my-google-state', but Google reserves names with 'goog'",
    ],
    [
      { project: 'goog-example' },
      "google.stateBucket is missing, and its default 'goog-example-zerodrop-state' contains 'goog'",
    ],
    [{ zones: 3 }, 'google.zones is not a setting. Did you mean zone? Use one of project, region, size,'],
  ])('refuses %j', (change, sentence) => {
    expect(problems(change)).toEqual([expect.stringContaining(sentence)]);
  });

  test.each(['us-central1', 'europe-west10', 'northamerica-northeast1'])('takes the region %s', (region) => {
    expect(problems({ region })).toEqual([]);
  });

  test.each(['short', 'example-project-', '1-example', 'a'.repeat(31)])('refuses the project %s', (project) => {
    expect(problems({ project })).toEqual([expect.stringContaining(`google.project is '${project}', expected`)]);
  });
});

describe('nodes', () => {
  test.each([
    { nodes: {} },
    { nodes: { machineType: 'e2-medium', minimumPerZone: 2, maximumPerZone: 2, diskGb: 100, spot: false } },
    { nodes: { machineType: 'n2d-custom-4-16384' } },
    { size: 'demo', nodes: { spot: true } },
  ])('takes %j', (change) => {
    expect(problems(change)).toEqual([]);
  });

  test.each([
    [{ nodes: 3 }, 'google.nodes is 3, expected an object with machineType,'],
    [{ nodes: { machine: 'e2-medium' } }, 'google.nodes.machine is not a setting. Use one of machineType,'],
    [
      { nodes: { machineType: 'e2-micro' } },
      "google.nodes.machineType is 'e2-micro', which GKE's own pods fill. Use e2-medium or larger.",
    ],
    [{ nodes: { machineType: 'large' } }, "google.nodes.machineType is 'large', expected a machine type such as"],
    [{ nodes: { diskGb: 10 } }, 'google.nodes.diskGb is 10, expected whole gigabytes of 20 or more'],
    [{ nodes: { minimumPerZone: 1.5 } }, 'google.nodes.minimumPerZone is 1.5, expected a whole number of 1 or more'],
    [{ nodes: { maximumPerZone: 0 } }, 'google.nodes.maximumPerZone is 0, expected a whole number of 1 or more.'],
    [
      { nodes: { minimumPerZone: 4 } },
      'google.nodes.maximumPerZone is 3, less than minimumPerZone 4. Raise it to 4 or more.',
    ],
    [{ nodes: { spot: 'yes' } }, "google.nodes.spot is 'yes', expected true or false."],
    [{ nodes: { spot: true } }, 'google.nodes.spot is true, but Google takes spot nodes back with 30 seconds’ notice'],
  ])('refuses %j', (change, sentence) => {
    expect(problems(change)).toEqual([expect.stringContaining(sentence)]);
  });
});

describe('the network', () => {
  test.each([
    {},
    { network: { nodes: '10.0.0.0/26', pods: '10.4.0.0/16', services: '10.5.0.0/27' } },
    { network: { pods: '100.64.0.0/16' } },
    { size: 'demo', network: { pods: '10.244.0.0/22', nodes: '10.10.0.0/29' }, nodes: { maximumPerZone: 3 } },
  ])('takes %j', (change) => {
    expect(problems(change)).toEqual([]);
  });

  test.each([
    [{ network: true }, 'google.network is true, expected an object with nodes, pods, services, proxies.'],
    [
      { network: { pod: '10.0.0.0/8' } },
      'google.network.pod is not a setting. Did you mean pods? Use one of nodes, pods, services, proxies.',
    ],
    [{ network: { pods: 14 } }, 'google.network.pods is 14, expected a range'],
    [
      { network: { nodes: '10.10.0.1/24' } },
      "google.network.nodes is '10.10.0.1/24', expected a range such as '10.10.0.0/24' that begins at its own first address.",
    ],
    [
      { network: { nodes: '8.8.8.0/24' } },
      "google.network.nodes is '8.8.8.0/24', which is not private. Use one within",
    ],
    [
      { network: { pods: '10.244.0.0/28' } },
      'google.network.pods is a /28, but each of up to 10 nodes takes a /24 of it for its pods. Use a /20 or larger.',
    ],
    [
      { network: { nodes: '10.10.0.0/29' } },
      "google.network.nodes is a /29, but it has to hold 10 nodes and Google's own four addresses. Use a /28 or larger.",
    ],
    [{ network: { services: '10.248.0.0/28' } }, 'google.network.services is a /28, but GKE takes no smaller range'],
    [
      { network: { services: '10.245.0.0/20' } },
      'google.network.pods and google.network.services overlap, so an address would belong to both. Move one of them.',
    ],
    [{ network: { nodes: '10.244.0.0/24' } }, 'google.network.nodes and google.network.pods overlap'],
  ])('refuses %j', (change, sentence) => {
    expect(problems(change)).toEqual([expect.stringContaining(sentence)]);
  });

  test('asks for more pods where there may be more nodes', () => {
    expect(problems({ network: { pods: '10.244.0.0/20' }, nodes: { maximumPerZone: 10 } })).toEqual([
      expect.stringContaining('up to 31 nodes takes a /24 of it for its pods. Use a /19 or larger.'),
    ]);
  });
});

describe('Argo CD', () => {
  const singleSignOn = { organisation: 'example', adminTeam: 'platform', clientId: 'Iv1.0123456789abcdef' };

  test.each([
    { argocd: {} },
    { argocd: { singleSignOn } },
    { argocd: { domain: 'argocd.example.com', singleSignOn } },
    { size: 'demo', argocd: { highAvailability: false } },
    { size: 'demo', nodes: { minimumPerZone: 2 }, argocd: { highAvailability: true } },
  ])('takes %j', (change) => {
    expect(problems(change)).toEqual([]);
  });

  test.each([
    [{ admission: 'enforced' }, "google.admission is 'enforced', expected"],
    [{ argocd: 'yes' }, "google.argocd is 'yes', expected an object with highAvailability, domain, singleSignOn."],
    [{ argocd: { ha: true } }, 'google.argocd.ha is not a setting. Use one of highAvailability,'],
    [{ argocd: { highAvailability: 1 } }, 'google.argocd.highAvailability is 1, expected true or false.'],
    [
      { size: 'demo', nodes: { minimumPerZone: 1 }, argocd: { highAvailability: true } },
      'google.argocd.highAvailability is true, but google.nodes.minimumPerZone makes for 1 node, and two pods of a part are lost with one node: it takes 2. Raise minimumPerZone, or set highAvailability to false.',
    ],
    [
      { argocd: { domain: 'argocd.example.com' } },
      "google.argocd.domain is 'argocd.example.com', which opens Argo CD to everyone who finds it. Set google.argocd.singleSignOn too.",
    ],
    [
      { argocd: { domain: 'https://argocd', singleSignOn } },
      "google.argocd.domain is 'https://argocd', expected a host",
    ],
    [{ argocd: { singleSignOn: true } }, 'google.argocd.singleSignOn is true, expected an object with organisation,'],
    [
      { argocd: { singleSignOn: { ...singleSignOn, adminTeam: 'Platform Team' } } },
      "google.argocd.singleSignOn.adminTeam is 'Platform Team', expected what GitHub calls it",
    ],
    [
      { argocd: { singleSignOn: { ...singleSignOn, secret: 'x' } } },
      'google.argocd.singleSignOn.secret is not a setting. Use one of organisation,',
    ],
  ])('refuses %j', (change, sentence) => {
    expect(problems(change)).toEqual([expect.stringContaining(sentence)]);
  });
});

describe('GitHub, the budget and the rest', () => {
  const github = { ownerId: '1', repositoryId: '22' };
  const budget = { billingAccount: '0A1B2C-3D4E5F-678901', projectNumber: '123456789012', monthlyAmount: 100 };

  test.each([
    { github },
    { github: { ...github, app: { id: '3', installationId: '4' } } },
    { budget },
    { maintenanceHourUtc: 0, teardown: true, allowRecreation: ['google_container_cluster.cluster.location'] },
  ])('takes %j', (change) => {
    expect(problems(change)).toEqual([]);
  });

  test.each([
    [{ github: 'example/zerodrop' }, "google.github is 'example/zerodrop', expected an object with ownerId and"],
    [
      { github: { ...github, ownerId: 'example' } },
      "google.github.ownerId is 'example', expected digits in quotes. Ask GitHub: gh api repos/OWNER/NAME",
    ],
    [{ github: { ...github, repositoryId: 22 } }, 'google.github.repositoryId is 22, expected digits in quotes.'],
    [{ github: { ...github, name: 'x' } }, 'google.github.name is not a setting.'],
    [{ github: { ...github, app: 3 } }, 'google.github.app is 3, expected an object with id and installationId.'],
    [
      { github: { ...github, app: { id: '3' } } },
      'google.github.app.installationId is missing, expected digits in quotes',
    ],
    [{ budget: 100 }, 'google.budget is 100, expected an object with billingAccount, projectNumber and monthlyAmount.'],
    [
      { budget: { ...budget, billingAccount: '0a1b2c-3d4e5f-678901' } },
      "google.budget.billingAccount is '0a1b2c-3d4e5f-678901', expected XXXXXX-XXXXXX-XXXXXX.",
    ],
    [{ budget: { ...budget, projectNumber: 'example' } }, "google.budget.projectNumber is 'example', expected digits"],
    [{ budget: { ...budget, monthlyAmount: 0.5 } }, 'google.budget.monthlyAmount is 0.5, expected whole units'],
    [{ maintenanceHourUtc: 24 }, 'google.maintenanceHourUtc is 24, expected a whole hour from 0 to 23.'],
    [{ teardown: 'yes' }, "google.teardown is 'yes', expected true"],
    [{ allowRecreation: 'all' }, "google.allowRecreation is 'all', expected a list of the names"],
  ])('refuses %j', (change, sentence) => {
    expect(problems(change)).toEqual([expect.stringContaining(sentence)]);
  });
});
