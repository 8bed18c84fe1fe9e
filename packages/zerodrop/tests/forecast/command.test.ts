import { expect, test } from 'vitest';
import { forecastCommand } from '../../src/forecast/command.ts';
import { file, folder } from '../guard/sample.ts';
import { repository } from '../repository.ts';

const manifest = 'k8s/web.yaml';
const base = file(...folder);

test('forecasts what a branch has committed', async () => {
  const { directory, git, commit } = repository({ [manifest]: base });
  git('switch', '--quiet', '-c', 'change');
  commit('Release', { [manifest]: base.replace('a'.repeat(64), 'b'.repeat(64)) });
  const told = async (...args: readonly string[]) =>
    forecastCommand(['--base', 'main', '--directory', directory, ...args]);

  const { stdout, exitCode } = await told('--startup', '1.5', '--container-start', '0-1', '--image-pull', '0');
  expect(exitCode).toBe(0);
  expect(stdout).toContain('Deployment shop/web rolls out');
  expect(stdout).toContain('expected losses     none expected');
  expect(stdout).toMatch(/new ready .*█/);
  expect(JSON.parse((await told('--json')).stdout)).toMatchObject({ workloads: [{ does: 'rolls' }] });
  const lossy = ['--endpoint-lag', '8', '--strict'];
  expect(await told(...lossy)).toMatchObject({
    exitCode: 1,
    stdout: expect.stringContaining('drain shorter than the endpoint lag'),
  });
  expect((await told('--endpoint-lag', '8')).exitCode).toBe(0);
  expect((await told('k8s')).exitCode).toBe(0);
  await expect(told('kates')).rejects.toThrow('kates is neither in main nor in HEAD');
});

test.each([
  [[], '--base is missing'],
  [['--base', 'main', '--startup', 'soon'], '--startup is "soon", expected a number of seconds.'],
  [
    ['--base', 'main', '--startup', '3-1'],
    '--startup is "3-1", expected seconds from the least to the most, such as 0.5-3.',
  ],
  [['--base', 'main', '--rate', '-1'], '--rate has no value'],
  [['--base', 'main', '--rate', 'many'], '--rate is "many", expected a whole number from 0 on.'],
  [['--base', 'main', '--nodes', '0'], '--nodes is "0", expected a whole number from 1 on.'],
  [['--base', 'main', '--format', 'xml'], '--format is "xml", expected one of text, json, markdown.'],
  [['--base', 'main', '--json', '--format', 'text'], '--json and --format text contradict each other.'],
  [['--before', 'a'], '--before and --after belong together.'],
])('%j is a mistake', async (args, says) => {
  await expect(forecastCommand(args)).rejects.toThrow(says);
});
