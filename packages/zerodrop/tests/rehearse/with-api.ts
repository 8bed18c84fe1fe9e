import { serveApi } from '../rollout/kubernetes/api-server.ts';

/** Serves an API as context `test` of the kubeconfig for as long as `use` takes. */
export async function withApi<T>(answer: Parameters<typeof serveApi>[0], use: () => Promise<T>): Promise<T> {
  const before = process.env['KUBECONFIG'];
  const api = await serveApi(answer);
  process.env['KUBECONFIG'] = api.kubeconfig;
  try {
    return await use();
  } finally {
    if (before === undefined) delete process.env['KUBECONFIG'];
    else process.env['KUBECONFIG'] = before;
    await api.close();
  }
}
