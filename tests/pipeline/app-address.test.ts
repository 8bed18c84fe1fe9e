import { expect, test } from 'vitest';
import { appAddress } from '../../pipeline/app-address.ts';
import { answering } from './answering.ts';

/** The address of an App at a GitHub that answers so. */
async function address(status: number, answer: string): Promise<string> {
  let found = '';
  await answering(
    ({ url, headers }, response) => {
      const isRight = url === '/users/zerodrop-release%5Bbot%5D' && headers.authorization === 'Bearer a-token';
      response.writeHead(isRight ? status : 400).end(answer);
    },
    async (host) => {
      const place = { api: `http://${host}`, server: 'https://github.example.com', token: 'a-token' };
      found = await appAddress(place, 'zerodrop-release');
    },
  );
  return found;
}

test('has the number that GitHub links a commit by', async () => {
  expect(await address(200, '{"login":"zerodrop-release[bot]","id":4711}')).toBe(
    '4711+zerodrop-release[bot]@users.noreply.github.example.com',
  );
});

test.each([
  [500, ''],
  [200, 'not JSON'],
  [404, '{"message":"Not Found"}'],
])('has none where the API does not say it: %i %s', async (status, answer) => {
  expect(await address(status, answer)).toBe('zerodrop-release[bot]@users.noreply.github.example.com');
});

test('has none where nothing answers', async () => {
  const place = { api: 'http://127.0.0.1:9', server: 'https://github.com', token: 'a-token' };

  expect(await appAddress(place, 'x')).toBe('x[bot]@users.noreply.github.com');
});
