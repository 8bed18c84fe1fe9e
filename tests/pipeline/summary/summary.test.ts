import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { rehearsalSummary } from '../../../pipeline/summary/summary.ts';

let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'zerodrop-summary-'));
});

afterEach(() => rm(directory, { recursive: true }));

test('a picture that lies beside the report is replaced by one that GitHub draws', async () => {
  const requests = { atMs: 0, kind: 'requests', durationMs: 1_000, answers: { one: 5 }, failed: 0, failures: {} };
  await writeFile(path.join(directory, 'summary.md'), '## Passed\n\n![The rehearsal](report.svg)\n');
  await writeFile(path.join(directory, 'report.json'), JSON.stringify({ timeline: [requests] }));

  const summary = await rehearsalSummary(directory);

  expect(summary).toMatch(/^## Passed\n\n```mermaid\n/);
  expect(summary).not.toContain('report.svg');
});

test('a rehearsal that never got to its report is said to have none', async () => {
  await expect(rehearsalSummary(directory)).rejects.toThrow('has no report: the rehearsal ended before it wrote one');
});
