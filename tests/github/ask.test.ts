import { expect, test } from 'vitest';
import { askGitHub } from '../../github/ask.ts';
import { gitHubServer } from '../release/pull-request/github-server.ts';

test.each([
  [401, '{"message":"Bad credentials"}', /with 401: Bad credentials\. The token in GH_TOKEN is not valid/],
  [403, '{"message":"Resource not accessible by integration"}', /403: Resource .+ needs the rights to write/],
  [
    422,
    '{"message":"Validation Failed","errors":[{"message":"No commits between main and x"}]}',
    /422: Validation Failed; No commits/,
  ],
  [502, '<html>Bad gateway</html>', /with 502: <html>Bad gateway<\/html>\. Run this again/],
])('quotes what GitHub answers: %i', async (status, answer, sentence) => {
  const { github, refuse } = await gitHubServer();
  refuse(status, answer);
  const asking = askGitHub(github, 'POST', 'pulls', { title: 'x' });
  await expect(asking).rejects.toThrow(sentence);
  await expect(asking).rejects.not.toThrow(github.token);
});

test('says who does not answer', async () => {
  const github = { api: 'http://127.0.0.1:9', owner: 'example', name: 'zerodrop', token: 't' };
  await expect(askGitHub(github, 'GET', 'pulls')).rejects.toThrow(
    'http://127.0.0.1:9 does not answer GET /repos/example/zerodrop/pulls at all.',
  );
});
