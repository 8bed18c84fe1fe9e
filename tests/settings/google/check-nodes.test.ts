import { expect, test } from 'vitest';
import { problems } from './sample.ts';

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
