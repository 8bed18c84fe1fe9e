import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';

/** Answers a request to a registry that keeps manifests by their tags, and nothing below them. Null for a request to anything else. */
export type Registry = (request: IncomingMessage, response: ServerResponse) => Promise<void> | null;

/** A registry for where nobody pulls: tags and digests, as OCI distribution has them ("Pushing Manifests", "Checking if content exists"). */
export function keepImages(): Registry {
  const digests = new Map<string, string>();
  return (request, response) => {
    const { url = '', method } = request;
    if (!/^\/v2\/[\w/-]+\/manifests\/[\w.-]+$/.test(url)) return null;
    return (async () => {
      if (method === 'PUT')
        digests.set(
          url,
          `sha256:${createHash('sha256')
            .update(await text(request))
            .digest('hex')}`,
        );
      const digest = digests.get(url);
      if (digest === undefined) response.writeHead(404).end();
      else response.writeHead(method === 'PUT' ? 201 : 200, { 'docker-content-digest': digest }).end();
    })();
  };
}

/** Pushes a manifest of no layers, which says what would have been built, to a registry of this machine. Returns its digest. */
export async function pushManifest(tag: string, args: Readonly<Record<string, string>>): Promise<string> {
  const [, registry = '', repository = '', version = ''] = /^([^/]+)\/(.+):([^:/]+)$/.exec(tag) ?? [];
  const response = await fetch(`http://${registry}/v2/${repository}/manifests/${version}`, {
    method: 'PUT',
    body: JSON.stringify({ schemaVersion: 2, layers: [], annotations: args }),
  });
  const digest = response.headers.get('docker-content-digest');
  if (!response.ok || digest === null) throw new Error(`${registry} takes no ${tag}: it answers ${response.status}.`);
  return digest;
}
