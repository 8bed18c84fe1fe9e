import { mkdir, mkdtemp, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { json } from 'node:stream/consumers';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { commentBody, readUntrusted, writeComment } from '../../pipeline/comment.ts';
import { answering } from './answering.ts';

interface Written {
  readonly method: string | undefined;
  readonly path: string | undefined;
  readonly body: unknown;
}

/** A pull request with these comments, which writes down what is sent to it. */
function pullRequest(comments: readonly object[], written: Written[]) {
  return async (request: IncomingMessage, response: ServerResponse) => {
    if (request.method === 'GET') {
      const page = Number(new URL(request.url ?? '', 'http://localhost').searchParams.get('page'));
      response.end(JSON.stringify(comments.slice((page - 1) * 100, page * 100)));
      return;
    }
    written.push({ method: request.method, path: request.url, body: await json(request) });
    response.end('{}');
  };
}

function gitHub(host: string) {
  return { api: `http://${host}`, owner: 'example', name: 'zerodrop', token: 'secret' };
}

const ours = { id: 7, body: '<!-- zerodrop: plan platform -->\nold', user: { type: 'Bot' } };

test('the first plan makes a comment', async () => {
  const written: Written[] = [];
  await answering(pullRequest([{ id: 1, body: null, user: null }], written), async (host) => {
    await writeComment(gitHub(host), 3, 'plan platform', 'new');
  });

  const body = '<!-- zerodrop: plan platform -->\nnew';
  expect(written).toEqual([{ method: 'POST', path: '/repos/example/zerodrop/issues/3/comments', body: { body } }]);
});

test('the next one mends it, on whichever page it is', async () => {
  const written: Written[] = [];
  const many = Array.from({ length: 130 }, (_, id) => ({ id: id + 100, body: 'talk', user: { type: 'User' } }));
  await answering(pullRequest([...many, ours], written), async (host) => {
    await writeComment(gitHub(host), 3, 'plan platform', 'new');
  });

  expect(written).toMatchObject([{ method: 'PATCH', path: '/repos/example/zerodrop/issues/comments/7' }]);
});

test('a person who quotes the mark keeps their comment', async () => {
  const written: Written[] = [];
  await answering(pullRequest([{ ...ours, user: { type: 'User' } }], written), async (host) => {
    await writeComment(gitHub(host), 3, 'plan platform', 'new');
  });

  expect(written).toMatchObject([{ method: 'POST' }]);
});

test("GitHub's refusal is passed on in its words", async () => {
  await answering(
    (_, response) => response.writeHead(403).end('{"message":"Resource not accessible by integration"}'),
    async (host) => {
      await expect(writeComment(gitHub(host), 3, 'plan', 'new')).rejects.toThrow(/403.*Resource not accessible/);
    },
  );
});

test('no comment is longer than GitHub takes', () => {
  expect(commentBody('plan platform', 'line\n'.repeat(50_000)).length).toBeLessThanOrEqual(65_536);
});

let directory: string;
let file: string;

beforeEach(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'zerodrop-untrusted-'));
  file = path.join(directory, 'platform.txt');
});

afterEach(() => rm(directory, { recursive: true }));

test('reads a regular file', async () => {
  await writeFile(file, 'No changes.');

  expect(await readUntrusted(file)).toBe('No changes.');
});

test.each<readonly [string, () => Promise<void> | void]>([
  ['a link to what this job knows', () => symlink('/proc/self/environ', file)],
  ['a folder', () => mkdir(file).then(() => undefined)],
  ['a file that is not there', () => undefined],
])('refuses %s', async (_, make) => {
  await make();

  await expect(readUntrusted(file)).rejects.toThrow('not a regular file');
});

test('refuses a file that is no plan by its length', async () => {
  await writeFile(file, '');
  await truncate(file, 4 * 1024 * 1024 + 1);

  await expect(readUntrusted(file)).rejects.toThrow('but a plan has at most 4194304');
});

test('refuses a device', async () => {
  await expect(readUntrusted('/dev/zero')).rejects.toThrow('not a regular file');
});
