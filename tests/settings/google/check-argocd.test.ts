import { expect, test } from 'vitest';
import { problems } from './sample.ts';

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
  [{ argocd: { domain: 'https://argocd', singleSignOn } }, "google.argocd.domain is 'https://argocd', expected a host"],
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
