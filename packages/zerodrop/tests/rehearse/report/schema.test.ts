import path from 'node:path';
import { expect, test } from 'vitest';
import { neverUp, small } from './reports.ts';
import { schemaOf } from './schema-of-type.ts';
import { invalid, schemaFile } from './valid.ts';

const own = path.join(import.meta.dirname, '../../..');

test('the published schema is that of the type; npx vitest run -u writes it anew', async () => {
  const about = {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'report.json of zerodrop rehearse',
    description:
      'Names that are here stay as they are; new ones may be added without a new schema number. atMs and committedAtMs count from the start of the play, every ...AfterMs from the push of the rollout. All in milliseconds.',
  };
  const file = path.join(own, 'src/rehearse/report/schema.ts');
  const schema = schemaOf(path.join(own, 'tsconfig.json'), file, 'Report');
  await expect(`${JSON.stringify({ ...about, ...schema }, null, 2)}\n`).toMatchFileSnapshot(schemaFile);
});

test('holds what is written, and refuses what is missing, of another type, or unknown', () => {
  const { verdict: _, ...withoutVerdict } = small;

  expect(invalid(neverUp)).toEqual([]);
  expect(invalid(withoutVerdict)).toEqual([" must have required property 'verdict'"]);
  expect(invalid({ ...small, slowMs: '1000' })).toEqual(['/slowMs must be number']);
  expect(invalid({ ...small, verdict: 'well' })).toEqual(['/verdict must be equal to one of the allowed values']);
  expect(invalid({ ...small, speed: 1 })).toEqual([' must NOT have additional properties']);
});
