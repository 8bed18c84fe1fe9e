import { expect, test } from 'vitest';
import { parsePin } from '../../../apps/pins.ts';
import type { Published, PublishRequest } from '../../../release/publish/publish.ts';
import { startProgram } from '../command.ts';
import { pushSources, remoteOf, request } from '../remote.ts';

/** Publishes all of them at once in a process of its own. */
async function publishSeveral(directory: string, requests: readonly PublishRequest[]): Promise<readonly Published[]> {
  const program = ['--conditions=zerodrop-source', '--import', 'tsx', 'tests/release/publish/several.ts'];
  const { exitCode, stdout, stderr } = await startProgram(process.execPath, program, {}, { directory, requests }).ended;
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  return JSON.parse(stdout);
}

test('six releases at once, from two clones by two processes: all end, no update is lost, and the newest is what is pinned', async () => {
  const remote = remoteOf();
  const clones = [remote.clone(), remote.clone()];
  const [first] = clones;
  if (first === undefined) throw new Error('There is no clone.');
  const sources = pushSources(first, ...Array.from({ length: 4 }, (_, number) => `Change ${number}`));
  const begun = remote.git('rev-parse', 'main');
  // Two to another environment: what they push must survive, too.
  const requests = [
    ...sources.map((source, number) => request(`1.0.${number}`, source)),
    ...sources.slice(-2).map((source, number) => request(`2.0.${number}`, source, { environment: 'production' })),
  ];
  const shares = clones.map((clone, own) => ({
    directory: clone.directory,
    requests: requests.filter((_, number) => number % clones.length === own),
  }));
  const ended = (await Promise.all(shares.map((share) => publishSeveral(share.directory, share.requests)))).flat();

  const published = ended.flatMap((end) => (end.kind === 'published' ? [end.commit] : []));
  // Which are superseded is a matter of who comes first.
  for (const { kind } of ended) expect(['published', 'superseded']).toContain(kind);

  const line = remote.git('rev-list', '--reverse', `${begun}..main`).split('\n');
  expect(line.toSorted()).toEqual(published.toSorted());
  expect(remote.git('rev-list', '--count', '--merges', 'main')).toBe('0');
  for (const [environment, tag] of [
    ['staging', '1.0.3'],
    ['production', '2.0.1'],
  ] as const) {
    const path = `apps/images/${environment}/web.json`;
    expect(parsePin(`${remote.git('show', `main:${path}`)}\n`, path).image).toContain(`:${tag}@`);
    expect(remote.git('show', `main:manifests/${environment}/web/web.yaml`)).toContain(`:${tag}@`);
  }
  for (const clone of clones) expect(clone.git('status', '--porcelain')).toBe('');
}, 120_000);
