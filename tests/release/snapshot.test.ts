import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { takeSnapshot } from '../../release/snapshot.ts';
import { emptyRepository } from './repository.ts';

test('puts back what changed, what is gone and what came, byte for byte', async () => {
  const { directory, write } = emptyRepository();
  const binary = Buffer.from([0, 255, 13, 10]);
  write('deep/gone.yaml', 'gone\n');
  writeFileSync(join(directory, 'changed'), binary);
  const putBack = await takeSnapshot(directory, ['deep/gone.yaml', 'changed', 'new']);
  rmSync(join(directory, 'deep'), { recursive: true });
  write('changed', 'other');
  write('new', 'new');
  await putBack();
  expect(readFileSync(join(directory, 'deep/gone.yaml'), 'utf8')).toBe('gone\n');
  expect(readFileSync(join(directory, 'changed'))).toEqual(binary);
  expect(readdirSync(directory)).not.toContain('new');
});
