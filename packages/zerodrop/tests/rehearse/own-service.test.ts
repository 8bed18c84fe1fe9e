import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type OwnValues, ownService } from '../../src/rehearse/own-service.ts';

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'zerodrop-test-'));
  writeFileSync(path.join(folder, 'server.js'), '');
  writeFileSync(path.join(folder, 'values.env'), 'TOKEN="a b"\n# said twice\nNAME=file\n');
});

afterAll(() => rmSync(folder, { recursive: true }));

function read(values: OwnValues, ...words: readonly string[]) {
  return ownService(values, words, folder);
}

describe('long-lived clients', () => {
  test('are asked for by options', () => {
    const values = {
      'slow-request': '/wait?ms={ms}',
      upload: '/files',
      'event-stream': '/events',
      websocket: 'GET /ws',
    };
    expect(read({ ...values, 'long-seconds': '9', 'closed-early': 'told' }).longLived).toMatchObject({
      slow: { method: 'GET', path: '/wait?ms={ms}' },
      upload: { method: 'POST', path: '/files' },
      events: { method: 'GET', path: '/events' },
      socket: { method: 'GET', path: '/ws' },
      seconds: 9,
      closedEarly: 'told',
    });
  });

  test.each([
    [{ 'slow-request': 'wait' }, '--slow-request is "wait", but a request such as "GET /reports?ms={ms}" is expected.'],
    [{ upload: 'GET /files' }, '--upload is "GET /files", but a request such as "POST /files" is expected.'],
    [{ websocket: 'POST /ws' }, '--websocket is "POST /ws", but a request such as "/socket" is expected.'],
    [{ 'long-seconds': '0' }, '--long-seconds is "0", but a whole number from 1 to 999 is expected.'],
    [{ 'closed-early': 'ignored' }, '--closed-early is "ignored", expected one of lost, told.'],
  ])('are refused where they can not be meant: %j', (values, sentence) => {
    expect(() => read(values)).toThrow(sentence);
  });
});

describe('a command', () => {
  test('is split at spaces, and names files of here in full', () => {
    expect(read({ command: ['node ./server.js server.js --port {port} app:app {dir}/x'] }).commands).toEqual({
      '': [
        'node',
        path.join(folder, 'server.js'),
        path.join(folder, 'server.js'),
        '--port',
        '{port}',
        'app:app',
        `${folder}/x`,
      ],
    });
  });

  test('is a JSON array as it is', () => {
    expect(read({ command: ['["sh", "-c", "echo a b"]'] }).commands).toEqual({ '': ['sh', '-c', 'echo a b'] });
  });

  test('belongs to a container by its name', () => {
    expect(read({ command: ['node server', 'proxy=envoy -c x', 'init-db=["migrate"]'] }).commands).toEqual({
      '': ['node', 'server'],
      proxy: ['envoy', '-c', 'x'],
      'init-db': ['migrate'],
    });
  });

  test.each([
    ['quotes', 'node "a b"', 'quotes do not hold words together'],
    ['a pipe', 'node a | b', 'no shell reads it'],
    ['a broken array', '["node"', 'JSON array of texts is expected'],
    ['no text in an array', '[1]', 'JSON array of texts is expected'],
  ])('has no %s', (_what, command, words) => {
    expect(() => read({ command: [command] })).toThrow(words);
  });

  test('is given once', () => {
    expect(() => read({ command: ['a', 'b'] })).toThrow('--command is given twice for the service');
  });
});

test('takes variables from a file and from options, which win', () => {
  expect(read({ 'env-file': path.join(folder, 'values.env'), env: ['NAME=option', 'EMPTY='] }).given).toEqual({
    TOKEN: 'a b',
    NAME: 'option',
    EMPTY: '',
  });
  expect(() => read({ env: ['NAME'] })).toThrow('NAME=VALUE is expected');
  expect(() => read({ 'env-file': path.join(folder, 'none') })).toThrow('which is no file');
});

test('names a folder that is there', () => {
  expect(read({}, '.').folder).toBe(folder);
  expect(() => read({}, 'none')).toThrow('none does not exist');
});

describe('a request', () => {
  test('is the usual one where nothing is said', () => {
    expect(read({}).request).toBeNull();
  });

  test('is read with what a right answer is', () => {
    const values = {
      request: 'PUT /a',
      body: '{id}',
      header: ['X-A=1=2'],
      status: '200,204',
      'body-includes': 'ok',
      'version-json': 'build.version',
    };
    expect(read(values).request).toEqual({
      method: 'PUT',
      path: '/a',
      headers: { 'X-A': '1=2' },
      body: '{id}',
      statuses: [200, 204],
      expects: { includes: 'ok' },
      version: { json: 'build.version' },
    });
    expect(read({ request: '/a', body: 'x' }).request).toMatchObject({ method: 'POST', path: '/a' });
  });

  test.each([
    [{ request: 'get users' }, '"METHOD PATH" is expected'],
    [{ status: '200' }, 'not what is asked'],
    [{ request: '/', status: 'ok' }, 'statuses are expected'],
    [{ request: '/', 'body-includes': 'a', 'body-equals': 'b' }, 'exclude each other'],
    [{ request: '/', 'version-header': 'a', 'version-json': 'b' }, 'exclude each other'],
  ])('%j is refused', (values, words) => {
    expect(() => read(values)).toThrow(words);
  });
});
