import express, { type RequestHandler } from 'express';
import { expect, test } from 'vitest';
import { failure } from '../../../service/handlers/failure.ts';
import { openLog } from '../../../service/log.ts';
import { listen, serve } from '../../../service/server.ts';
import { ask, json } from '../request.ts';
import { identity } from '../serving.ts';

/** Asks once for a route that ends as `handler` does; returns what came back and what was logged. */
async function failing(handler: RequestHandler) {
  const lines: string[] = [];
  const log = openLog(identity, { write: (line) => void lines.push(line) });
  const server = serve(express().get('/', handler).use(failure(log)), 10_000);
  const { port } = await listen(server, 0, '127.0.0.1');
  try {
    const answer = await ask(port, '/').catch((error: unknown) => ({ error }));
    return { answer, lines };
  } finally {
    server.close();
    server.closeAllConnections();
  }
}

test('keeps the reason of a failure to itself and its log', async () => {
  const { answer, lines } = await failing(async () => {
    throw new Error('the secret reason');
  });
  expect(answer).toMatchObject({ status: 500, headers: { 'content-type': 'application/json; charset=utf-8' } });
  expect('body' in answer && json(answer)).toEqual({ error: 'Something failed here; the log of this pod says what.' });
  expect(lines).toHaveLength(1);
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({
    severity: 'ERROR',
    err: { message: 'the secret reason' },
    method: 'GET',
    path: '/',
  });
});

test('fails what is thrown without being an error', async () => {
  const { answer, lines } = await failing((_request, _response, next) => next('just a text'));
  expect(answer).toMatchObject({ status: 500 });
  expect(lines).toHaveLength(1);
});

test('tears the connection where half an answer is out', async () => {
  const { answer } = await failing((_request, response) => {
    response.write('half');
    throw new Error('too late');
  });
  expect(answer).toMatchObject({ error: { code: 'ECONNRESET' } });
});

test.each([200, 399, 500, 503])('takes an error with status %d for its own failure', async (status) => {
  const { answer, lines } = await failing(() => {
    throw Object.assign(new Error('the secret reason'), { status });
  });
  expect(answer).toMatchObject({ status: 500 });
  expect('body' in answer && json(answer)).toEqual({ error: 'Something failed here; the log of this pod says what.' });
  expect(lines).toHaveLength(1);
});

test.each([400, 499])('takes an error with status %d for the fault of the client', async (status) => {
  const { answer, lines } = await failing(() => {
    throw Object.assign(new Error('That is no date.'), { status });
  });
  expect(answer).toMatchObject({ status });
  expect(lines).toEqual([]);
});

test("tells a client what is its own fault, and doesn't log it", async () => {
  const { answer, lines } = await failing(() => {
    throw Object.assign(new Error('That is no date.'), { status: 422 });
  });
  expect(answer).toMatchObject({ status: 422 });
  expect('body' in answer && json(answer)).toEqual({ error: 'That is no date.' });
  expect(lines).toEqual([]);
});
