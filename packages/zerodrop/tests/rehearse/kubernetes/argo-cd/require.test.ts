import { expect, test } from 'vitest';
import { requireArgoCd } from '../../../../src/rehearse/kubernetes/argo-cd.ts';
import { connect } from '../../../../src/rollout/kubernetes/api.ts';
import { withApi } from '../../with-api.ts';

const applications = '/apis/argoproj.io/v1alpha1/namespaces/argocd/applications';
const configuration = '/api/v1/namespaces/argocd/configmaps/argocd-cm';

/** Asks a cluster that answers these paths with these statuses, and any other with 200. */
async function asked(statuses: Readonly<Record<string, number>>): Promise<void> {
  await withApi(
    (_, response, { pathname }) => void response.writeHead(statuses[pathname] ?? 200).end('{}'),
    async () => requireArgoCd(await connect('test')),
  );
}

test('a cluster with Argo CD in its place is taken', async () => {
  await expect(asked({})).resolves.toBeUndefined();
});

test('a cluster that does not know the kinds has no Argo CD', async () => {
  await expect(asked({ [applications]: 404 })).rejects.toThrow(
    /context test has no Argo CD that follows argocd: it does not know the kind Application\. Install Argo CD 3/,
  );
});

test('kinds that an Argo CD elsewhere brought along are not enough', async () => {
  await expect(asked({ [configuration]: 404 })).rejects.toThrow(/the namespace argocd has no ConfigMap argocd-cm/);
});

test('who may not read its configuration may still rehearse, and who may not see Applications may not', async () => {
  await expect(asked({ [configuration]: 403 })).resolves.toBeUndefined();
  await expect(asked({ [applications]: 403 })).rejects.toThrow('HTTP 403');
});
