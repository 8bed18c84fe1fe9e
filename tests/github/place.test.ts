import { expect, test } from 'vitest';
import { gitHubFrom } from '../../github/place.ts';

test('takes the place from the workflow, or else from the settings', () => {
  const environment = {
    GH_TOKEN: 't',
    GITHUB_API_URL: 'https://github.example.com/api/v3',
    GITHUB_REPOSITORY: 'ada/shop',
  };
  expect(gitHubFrom(environment, 'https://github.com/example/zerodrop')).toEqual({
    api: 'https://github.example.com/api/v3',
    owner: 'ada',
    name: 'shop',
    token: 't',
  });
  for (const repository of ['https://github.com/example/zero.drop.git', 'git@github.com:example/zero.drop']) {
    expect(gitHubFrom({ GH_TOKEN: 't' }, repository)).toEqual({
      api: 'https://api.github.com',
      owner: 'example',
      name: 'zero.drop',
      token: 't',
    });
  }
});

test('asks for what is missing', () => {
  expect(() => gitHubFrom({}, 'https://github.com/example/zerodrop')).toThrow(
    '--pull-request needs a token in GH_TOKEN',
  );
  expect(() => gitHubFrom({ GH_TOKEN: 't' }, 'zerodrop')).toThrow(
    'needs a repository at GitHub, and zerodrop is none.',
  );
});
