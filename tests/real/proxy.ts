import { spawn } from 'node:child_process';
import { once } from 'node:events';

/** A way to an API server with the rights of the kubeconfig. */
export interface Proxy {
  /** `http://127.0.0.1:PORT` */
  readonly server: string;
  close(): void;
}

/** Opens one, by `kubectl proxy`. Without a context it leads to the current one. */
export async function openProxy(context?: string): Promise<Proxy> {
  const chosen = context === undefined ? [] : ['--context', context];
  const child = spawn('kubectl', [...chosen, 'proxy', '--port=0'], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = await once(child.stdout, 'data');
  return { server: `http://${/127\.0\.0\.1:\d+/.exec(String(line))?.[0] ?? ''}`, close: () => void child.kill() };
}

const irregular: Readonly<Record<string, string>> = { NetworkPolicy: 'networkpolicies', Ingress: 'ingresses' };

/** The name of a kind in the API's addresses. */
export function pluralOf(kind: string): string {
  return irregular[kind] ?? `${kind.toLowerCase().replace(/(?<![aeiou])y$/, 'ie')}s`;
}
