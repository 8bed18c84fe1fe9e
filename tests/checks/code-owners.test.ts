import { expect, test } from 'vitest';
import { strangers } from '../../checks/code-owners.ts';
import { isExampleRepository } from '../../settings/example.ts';

const repository = 'https://github.com/acme/shop';

test("names each owner of the example's once, with the first line", () => {
  const text = [
    '# Replace @example/developers by your own.',
    '*             @example/developers',
    '/apps/        @acme/sre @example/platform',
    '/argocd/      @example/platform  # @example/other',
    '/cluster/     @example/platform',
    '/docs/        @examples/writers writer@example',
    '/tests/       @example',
  ].join('\n');
  const sentence = (place: string, owner: string): string =>
    `.github/CODEOWNERS:${place} names ${owner}, the example's, but the repository is yours ('${repository}'): GitHub asks nobody of yours for an approval. Write a user or a team of your own.`;
  expect(strangers(text, repository)).toEqual([
    sentence('2', '@example/developers'),
    sentence('3 (and 2 more lines)', '@example/platform'),
    sentence('7', '@example'),
  ]);
});

test('takes owners of their own', () => {
  expect(strangers('* @acme/everybody @ada\n', repository)).toEqual([]);
  expect(strangers('', repository)).toEqual([]);
});

test.each([
  ['https://github.com/example/zerodrop', true],
  ['git@github.com:example/shop.git', true],
  [repository, false],
  ['https://github.com/acme/example', false],
])('%s is the example’s: %s', (address, expected) => {
  expect(isExampleRepository(address)).toBe(expected);
});
