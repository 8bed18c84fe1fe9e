import http from 'node:http';
import https from 'node:https';

/** Who answered. */
export interface Answerer {
  readonly version: string;
  readonly pod: string;
}

/** Asks the service once over a connection of its own, so that whatever is in between may choose a pod. Null where nobody answers. */
export async function askVersion(url: string, withinMs: number): Promise<Answerer | null> {
  const { get } = url.startsWith('https:') ? https : http;
  return new Promise((resolve) => {
    const options = { agent: false, headers: { connection: 'close' }, signal: AbortSignal.timeout(withinMs) } as const;
    const asked = get(new URL('/version', url), options, (answer) => {
      answer.resume();
      const { 'x-version': version, 'x-pod': pod } = answer.headers;
      const told = typeof version === 'string' && typeof pod === 'string' && answer.statusCode === 200;
      answer.on('close', () => resolve(told ? { version, pod } : null));
    });
    asked.on('error', () => resolve(null));
  });
}
