import { expect, test } from 'vitest';
import { UsageError } from 'zerodrop/errors';
import { guardCommand } from '../../release/guard.ts';
import { renderedRepository } from './repository.ts';

test('exits 0 where nothing is refused, and 1 where something is', async () => {
  const repository = renderedRepository();
  const args = ['--base', 'HEAD^', '--directory', repository.directory];
  repository.commit('Nothing');
  expect(await guardCommand(args)).toEqual({
    stdout: expect.stringMatching(
      /^Passed: no rule objects to this change\. Compared \d+ files with manifests, and none differs\.\n$/,
    ),
    stderr: '',
    exitCode: 0,
  });
  repository.git('rm', '--quiet', 'argocd/web.project.yaml');
  repository.commit('Lose the project');
  const refused = await guardCommand([...args, '--format', 'github']);
  expect(refused).toMatchObject({
    exitCode: 1,
    stdout: expect.stringMatching(
      /^::error file=argocd\/web\.project\.yaml,title=application-removed::AppProject argocd\/web is gone/,
    ),
  });
});

test.each([
  [[], '--base is missing'],
  [['--base', 'main', '--format', 'html'], '--format is "html", expected one of text, json, github, sarif, markdown.'],
  [['--base', 'main', '--allow', 'x'], "Unknown option '--allow'"],
])('refuses %j', async (args, sentence) => {
  await expect(guardCommand(args)).rejects.toThrow(UsageError);
  await expect(guardCommand(args)).rejects.toThrow(sentence);
});
