import { expect, test } from 'vitest';
import { UsageError } from 'zerodrop/errors';
import { askGitHub, gitHubFrom } from '../../github/api.ts';
import { gitHubServer } from '../release/pull-request/github-server.ts';

const token = { GH_TOKEN: 't' };

test('takes the place from the workflow', () => {
  const environment = {
    ...token,
    GITHUB_API_URL: 'https://git.example.com/api/v3',
    GITHUB_SERVER_URL: 'https://git.example.com',
    GITHUB_REPOSITORY: 'ada/shop',
  };
  expect(gitHubFrom(environment, 'https://gitlab.com/example/zerodrop')).toEqual({
    api: 'https://git.example.com/api/v3',
    owner: 'ada',
    name: 'shop',
    token: 't',
  });
});

test.each([
  ['https://github.com/acme/zero.drop.git', 'https://api.github.com'],
  ['https://github.com/acme/zero.drop/', 'https://api.github.com'],
  ['https://ada@github.com/acme/zero.drop', 'https://api.github.com'],
  ['git@github.com:acme/zero.drop', 'https://api.github.com'],
  ['ssh://git@ssh.github.com:443/acme/zero.drop.git', 'https://api.github.com'],
  ['https://GitHub.com/acme/zero.drop', 'https://api.github.com'],
  ['https://acme.ghe.com/acme/zero.drop', 'https://api.acme.ghe.com'],
  ['git@acme.ghe.com:acme/zero.drop.git', 'https://api.acme.ghe.com'],
  ['https://github.example.com/acme/zero.drop', 'https://github.example.com/api/v3'],
  ['git@ghe.example.com:acme/zero.drop', 'https://ghe.example.com/api/v3'],
])('knows the API of %s', (repository, api) => {
  expect(gitHubFrom(token, repository)).toEqual({ api, owner: 'acme', name: 'zero.drop', token: 't' });
});

test('knows a GitHub Enterprise Server of another name when it is told', () => {
  const told = { ...token, GITHUB_SERVER_URL: 'https://code.example.com' };
  expect(gitHubFrom(told, 'git@code.example.com:acme/shop').api).toBe('https://code.example.com/api/v3');
  const api = { ...token, GITHUB_API_URL: 'https://code.example.com/api/v3' };
  expect(gitHubFrom(api, 'https://code.example.com/acme/shop').api).toBe('https://code.example.com/api/v3');
});

test.each([
  'https://gitlab.com/acme/shop.git',
  'git@gitlab.com:acme/shop.git',
  'https://bitbucket.org/acme/shop',
  'https://codeberg.org/acme/shop',
  'https://dev.azure.com/acme/shop',
  'https://git.example.com/acme/shop',
  'https://github.com.evil.example/acme/shop',
  'https://github.com@evil.example/acme/shop',
  'https://evil.example/github.com/shop',
  'https://notgithub.com/acme/shop',
  'https://x.acme.ghe.com/acme/shop',
])('sends no token for %s', (repository) => {
  expect(() => gitHubFrom(token, repository)).toThrow(UsageError);
  expect(() => gitHubFrom(token, repository)).toThrow(/nothing was sent.*run this without --pull-request/);
});

test.each([
  ['https://api.github.com', 'https://gitlab.com/acme/shop'],
  ['https://evil.example', 'https://github.com/acme/shop'],
  ['http://api.github.com', 'https://github.com/acme/shop'],
])('sends no token to %s for %s', (api, repository) => {
  expect(() => gitHubFrom({ ...token, GITHUB_API_URL: api }, repository)).toThrow('so the token was not sent');
});

test.each(['zerodrop', '/srv/git/shop.git', 'https://github.com/acme', 'https://github.com/a/b/c', '../shop'])(
  'calls %j no repository at GitHub',
  (repository) => {
    expect(() => gitHubFrom(token, repository)).toThrow(`needs a repository at GitHub, and ${repository} is not one.`);
  },
);

test.each([
  'https://ada:s3cret@gitlab.com/acme/team/shop',
  'https://s3cret@gitlab.com/acme/team/shop',
  's3cret@gitlab.com:acme/team/shop',
  'https://a@s3cret@gitlab.com/acme/team/shop',
  'https://gitlab.com/acme/team/shop?private_token=s3cret',
])('tells no secret of %j', (repository) => {
  expect(() => gitHubFrom(token, repository)).toThrow(/gitlab\.com.acme\/team\/shop is not one\.$/);
  expect(() => gitHubFrom(token, repository)).not.toThrow('s3cret');
});

test.each([
  'https://evil.example#@github.com/acme/shop',
  'https://evil.example?@github.com/acme/shop',
  'https://evil.example\\@github.com/acme/shop',
  'https://github.com%2eevil.example/acme/shop',
  'https://github.com/acme/..',
  'https://github.com/../shop',
])('reads nothing of %j, which another reader would take otherwise', (repository) => {
  expect(() => gitHubFrom(token, repository)).toThrow('needs a repository at GitHub');
});

test('asks for a token', () => {
  expect(() => gitHubFrom({}, 'https://github.com/example/zerodrop')).toThrow(
    '--pull-request needs a token in GH_TOKEN',
  );
});

test.each([
  [401, '{"message":"Bad credentials"}', /with 401: Bad credentials\. The token in GH_TOKEN is not valid/],
  [403, '{"message":"Resource not accessible by integration"}', /403: Resource .+ needs permission to write/],
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
