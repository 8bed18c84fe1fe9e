import { describe, expect, test } from 'vitest';
import { echo, get, inWords, judgeAnswer, usualRequest, versionOf } from '../../../src/rehearse/load/request.ts';

const deployment = (probe?: object) => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web' },
  spec: {
    template: {
      spec: {
        containers: [
          {
            name: 'web',
            ports: [
              { name: 'http', containerPort: 80 },
              { name: 'admin', containerPort: 90 },
            ],
            readinessProbe: probe,
          },
        ],
      },
    },
  },
});

describe('the usual request', () => {
  test.each([
    ['the path of the readiness probe', { httpGet: { path: '/healthz', port: 'http' } }, [80], '/healthz'],
    ['it by the number of a named port', { httpGet: { path: '/healthz', port: 80 } }, ['http'], '/healthz'],
    [
      'the root where the probe is on a port of its own',
      { httpGet: { path: '/healthz', port: 'admin' } },
      ['http'],
      '/',
    ],
    ['the root without a probe', undefined, ['http'], '/'],
    ['the root where the probe only connects', { tcpSocket: { port: 80 } }, [80], '/'],
  ])('is %s', (_what, probe, ports, path) => {
    expect(usualRequest(deployment(probe), ports)).toEqual(get(path));
  });
});

describe('an answer', () => {
  const answer = { status: 200, headers: {}, body: '{"build":{"version":"v2"}}' };

  test.each([
    ['any 2xx', get('/'), answer, null],
    ['another status', get('/'), { ...answer, status: 404 }, 'HTTP 404'],
    ['a status that is said', { ...get('/'), statuses: [404] }, { ...answer, status: 404 }, null],
    ['a text in the body', { ...get('/'), expects: { includes: 'build' } }, answer, null],
    ['a text that is not', { ...get('/'), expects: { includes: '{id}' } }, answer, 'wrong body'],
    ['a body of its own', { ...get('/'), expects: { equals: 'x {id}' } }, { ...answer, body: 'x 7' }, null],
    ['no version', echo, { ...answer, body: '7' }, 'no version'],
    ['a version in a field', { ...get('/'), version: { json: 'build.version' } }, answer, null],
    [
      'no version in a body that is no JSON',
      { ...get('/'), version: { json: 'a' } },
      { ...answer, body: '<' },
      'no version',
    ],
  ])('with %s is judged', (_what, request, given, expected) => {
    expect(judgeAnswer(request, '7', given)).toBe(expected);
  });

  test('says its version', () => {
    expect(versionOf({ json: 'build.version' }, {}, answer.body)).toBe('v2');
    expect(versionOf({ header: 'X-Version' }, { 'x-version': 'v1' }, '')).toBe('v1');
    expect(versionOf(null, { 'x-version': 'v1' }, '')).toBeNull();
  });
});

test('is told in words', () => {
  expect(inWords(get('/a'))).toBe('GET /a; right is a status of 200 to 299');
  expect(inWords(echo)).toBe('POST /echo with a body of "{id}"; right is a status of 200 and a body of "{id}"');
});
