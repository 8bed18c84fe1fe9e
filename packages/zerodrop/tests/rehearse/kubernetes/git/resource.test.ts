import { expect, test } from 'vitest';
import { parseHead, readableResource } from '../../../../src/rehearse/kubernetes/git.ts';

test.each([
  ['GET', '/own.git/info/refs', 'service=git-upload-pack', 'info/refs'],
  ['POST', '/own.git/git-upload-pack', '', 'git-upload-pack'],
  ['GET', '/own.git/info/refs', 'service=git-receive-pack', null],
  ['GET', '/own.git/info/refs', '', null],
  ['POST', '/own.git/git-receive-pack', '', null],
  ['GET', '/own.git/../other.git/info/refs', 'service=git-upload-pack', null],
  ['GET', '/other.git/info/refs', 'service=git-upload-pack', null],
])('%s %s?%s', (method, pathname, query, resource) => {
  expect(readableResource(method, pathname, query, '/own.git/')).toBe(resource);
});

test('the head of a CGI answer', () => {
  expect(parseHead('Status: 404 Not Found\r\nContent-Type: text/plain')).toEqual({
    status: 404,
    headers: { 'Content-Type': 'text/plain' },
  });
  expect(parseHead('Content-Type: text/plain').status).toBe(200);
});
