import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { stickyComment } from '../../../src/guard/comment.ts';
import { scratch } from '../../repository.ts';

/** GitHub, as far as comments go: what it has, and what it was asked. */
async function gitHub(comments: readonly unknown[], status = 200) {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      asked.push(`${request.method ?? ''} ${request.url ?? ''} ${body}`);
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(JSON.stringify(request.method === 'GET' ? comments : {}));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const event = path.join(scratch(), 'event.json');
  writeFileSync(event, JSON.stringify({ pull_request: { number: 7 } }));
  const environment = {
    GITHUB_API_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    GITHUB_REPOSITORY: 'acme/shop',
    GITHUB_TOKEN: 'secret',
    GITHUB_EVENT_PATH: event,
  };
  return { asked, environment };
}

const mine = { id: 5, body: '<!-- zerodrop guard -->\nold', user: { type: 'Bot' } };
const quoted = { id: 4, body: '<!-- zerodrop guard -->\nold', user: { type: 'User' } };

test('writes a comment, and replaces its own one later', async () => {
  const first = await gitHub([quoted]);
  expect(await stickyComment('text', first.environment)).toEqual([]);
  expect(first.asked).toEqual([
    'GET /repos/acme/shop/issues/7/comments?per_page=100&page=1 ',
    'POST /repos/acme/shop/issues/7/comments {"body":"<!-- zerodrop guard -->\\ntext"}',
  ]);
  const later = await gitHub([quoted, mine]);
  await stickyComment('a line\n'.repeat(20_000), later.environment);
  expect(later.asked[1]).toMatch(/^PATCH \/repos\/acme\/shop\/issues\/comments\/5 /);
  expect(later.asked[1]?.length).toBeLessThan(75_000);
});

test('says why there is no comment, and does not fail', async () => {
  expect(await stickyComment('text', {})).toEqual([expect.stringContaining('needs GITHUB_TOKEN')]);
  const { environment } = await gitHub([], 403);
  expect(await stickyComment('text', environment)).toEqual([expect.stringContaining('with 403')]);
});
