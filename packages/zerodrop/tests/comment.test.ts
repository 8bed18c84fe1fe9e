import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { stickyComment, writeComment } from '../src/comment.ts';
import { scratch } from './repository.ts';

/** GitHub, as far as comments go: what it has, a hundred a page, and what it was asked. */
async function gitHub(comments: readonly unknown[], status = 200) {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      asked.push(`${request.method ?? ''} ${request.url ?? ''} ${body}`);
      response.writeHead(status, { 'content-type': 'application/json' });
      const at = 100 * (Number(new URL(request.url ?? '', 'http://github').searchParams.get('page')) - 1);
      response.end(JSON.stringify(request.method === 'GET' ? comments.slice(at, at + 100) : {}));
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

const mine = { id: 5, body: '<!-- zerodrop: guard -->\nold', user: { type: 'Bot' } };
const quoted = { id: 4, body: '<!-- zerodrop: guard -->\nold', user: { type: 'User' } };

test('writes a comment, and replaces its own one later', async () => {
  const first = await gitHub([quoted]);
  expect(await stickyComment('guard', 'text', first.environment)).toEqual([]);
  expect(first.asked).toEqual([
    'GET /repos/acme/shop/issues/7/comments?per_page=100&page=1 ',
    'POST /repos/acme/shop/issues/7/comments {"body":"<!-- zerodrop: guard -->\\ntext"}',
  ]);
  const later = await gitHub([quoted, mine]);
  await stickyComment('guard', 'a line\n'.repeat(20_000), later.environment);
  expect(later.asked[1]).toMatch(/^PATCH \/repos\/acme\/shop\/issues\/comments\/5 /);
  const [, body = ''] = /(\{.*)$/.exec(later.asked[1] ?? '') ?? [];
  const written: { body: string } = JSON.parse(body);
  expect(written.body.length).toBeLessThanOrEqual(65_536);
  expect(written.body).toMatch(/a line\n\nThe rest is left out; the summary of the job has all of it\.$/);
});

test('says why there is no comment, and does not fail', async () => {
  expect(await stickyComment('guard', 'text', {})).toEqual([expect.stringContaining('needs GITHUB_TOKEN')]);
  const { environment } = await gitHub([], 403);
  expect(await stickyComment('guard', 'text', environment)).toEqual([expect.stringContaining('with 403')]);
});

test('finds its comment on whichever page it is, among those of people without an account', async () => {
  const talk = Array.from({ length: 130 }, (_, id) => ({ id: id + 100, body: null, user: null }));
  const { environment, asked } = await gitHub([...talk, mine]);
  const { GITHUB_API_URL: api } = environment;
  await writeComment({ api, owner: 'acme', name: 'shop', token: 'secret' }, 7, 'guard', 'new');
  expect(asked.map((line) => line.split(' ').slice(0, 2).join(' '))).toEqual([
    'GET /repos/acme/shop/issues/7/comments?per_page=100&page=1',
    'GET /repos/acme/shop/issues/7/comments?per_page=100&page=2',
    'PATCH /repos/acme/shop/issues/comments/5',
  ]);
});

test('leaves the comment on another topic as it is', async () => {
  const { environment, asked } = await gitHub([{ ...mine, body: '<!-- zerodrop: guard of others -->\nold' }]);
  await stickyComment('guard', 'text', environment);
  expect(asked[1]).toMatch(/^POST /);
});

test("passes GitHub's own words on", async () => {
  const { environment } = await gitHub([{ message: 'Resource not accessible by integration' }], 403);
  expect(await stickyComment('guard', 'text', environment)).toEqual([expect.stringMatching(/403.*not accessible/)]);
});
