import { mkdir, mkdtemp, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { checksReport, forecastCheck, guardCheck, readUntrusted, rehearsalCheck } from '../../pipeline/comment.ts';

let directory: string;
let file: string;

beforeEach(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'zerodrop-untrusted-'));
  file = path.join(directory, 'platform.txt');
});

afterEach(() => rm(directory, { recursive: true }));

test('reads a regular file', async () => {
  await writeFile(file, 'No changes.');

  expect(await readUntrusted(file)).toBe('No changes.');
});

test.each<readonly [string, () => Promise<void> | void]>([
  ['a link to what this job knows', () => symlink('/proc/self/environ', file)],
  ['a folder', () => mkdir(file).then(() => undefined)],
  ['a file that is not there', () => undefined],
])('refuses %s', async (_, make) => {
  await make();

  await expect(readUntrusted(file)).rejects.toThrow('not a regular file');
});

test('refuses a file that is longer than what it may be', async () => {
  await writeFile(file, '');
  await truncate(file, 4 * 1024 * 1024 + 1);

  await expect(readUntrusted(file)).rejects.toThrow('but at most 4194304 are read');
});

test('refuses a device', async () => {
  await expect(readUntrusted('/dev/zero')).rejects.toThrow('not a regular file');
});

const passed = '### Guard\n\nPassed: no rule objects to this change. 2 files were compared.\n';
const played = JSON.stringify({
  clients: [
    { sent: 6_500, failed: 1 },
    { sent: 6_621, failed: 0 },
  ],
  control: { requests: 2_844, failed: 971 },
});

test('the verdict comes first, then a line for each check, then each in full', () => {
  const checks = [
    guardCheck('success', passed, ''),
    rehearsalCheck('success', [{ target: 'web-staging', report: played, summary: '## Rehearsal passed' }]),
  ];

  expect(checksReport(checks)).toBe(`### ✅ Passed: guard, rehearsal

| check | result | |
| --- | --- | --- |
| guard | ✅ success | Passed: no rule objects to this change. 2 files were compared. |
| rehearsal | ✅ success | web-staging: 1 of 13,121 requests lost, the control lost 971 of 2,844 |

<details><summary>guard</summary>

### Guard

Passed: no rule objects to this change. 2 files were compared.

</details>

<details><summary>rehearsal</summary>

web-staging:

\`\`\`
## Rehearsal passed
\`\`\`

</details>
`);
});

test.each([
  ['success', 'failure', '### ❌ Failed: rehearsal'],
  ['failure', 'cancelled', '### ❌ Failed: guard'],
  ['success', 'cancelled', '### ⚠️ Not finished: rehearsal'],
  ['success', 'skipped', '### ✅ Passed: guard'],
])('of a guard with %s and a rehearsal with %s the verdict is: %s', (guard, rehearsal, verdict) => {
  const checks = [
    guardCheck(guard, passed, ''),
    rehearsalCheck(rehearsal, [{ target: 'web-staging', report: played, summary: '' }]),
  ];

  expect(checksReport(checks).split('\n')[0]).toBe(verdict);
});

test.each([
  [
    '✅ 1 workload rolls out, complete after 18 to 24 s: no request is expected to be lost.',
    'success',
    '✅ Passed: guard, forecast',
  ],
  ['⚠️ 1 workload rolls out: about 3 of 10 + 10 requests a second expected to be lost.', 'neutral', '✅ Passed: guard'],
])('a forecast stops nobody: %s', (verdict, result, title) => {
  const found = forecastCheck(`### Forecast\n\n${verdict}\n\n| workload |\n`);

  expect(found).toMatchObject({ result, figures: verdict.replace(/^\S+ /, '') });
  const checks = [guardCheck('success', passed, ''), ...(found === null ? [] : [found])];
  expect(checksReport(checks)).toMatch(new RegExp(`^### ${title}\n`));
});

test('a forecast that could not be made has no line', () => {
  expect(forecastCheck('')).toBeNull();
});

test('a freeze that stops a change is said in its line', () => {
  const frozen =
    '**production** is frozen until tomorrow: a | sale. Releases and promotions wait; rollbacks go on.\n\n';

  expect(guardCheck('failure', passed, frozen).figures).toBe(
    'Passed: no rule objects to this change. 2 files were compared. **production** is frozen until tomorrow: a \\| sale. Releases and promotions wait; rollbacks go on.',
  );
  expect(guardCheck('success', passed, frozen).figures).not.toContain('frozen');
  expect(guardCheck('success', passed, frozen).details).toBe(`${frozen}${passed}`);
});

test.each([
  '{"clients":"<img src=x>","control":{"failed":"@team | fixes #1"}}',
  '{"clients":[null,{"sent":"@team"}]}',
  'null',
  'no JSON',
])("a report of the pull request's code puts no words of its own into the table: %s", (report) => {
  const summary = 'a ``` b\n</details> @team';
  const { figures, details, picture } = rehearsalCheck('success', [{ target: 'web', report, summary }]);

  expect(figures).toMatch(/^web: [\d,NaN]+ of [\d,NaN]+ requests lost(?:, the control lost [\d,NaN]+ of [\d,NaN]+)?$/);
  expect(details).toBe('web:\n\n````\na ``` b\n</details> @team\n````');
  expect(picture).toBeUndefined();
});

test('what GitHub draws has numbers and plain names of versions alone', () => {
  const requests = {
    kind: 'requests',
    atMs: 0,
    durationMs: 1_000,
    failed: '@team',
    answers: { v1: 5, '<b>`@team': 3 },
  };
  const report = JSON.stringify({ timeline: [requests, { kind: 'mark', version: '@team' }, null] });

  const { picture = '' } = rehearsalCheck('success', [{ target: 'web', report, summary: '' }]);

  expect(picture).toContain('  line [5]\n  line [0]\n');
  expect(picture).toContain('🟦 v1 · 🟥 failed');
  expect(picture).not.toContain('@team');
});

test('a target of which nothing rolls out, and several of them, are told in one line', () => {
  const targets = [
    { target: 'web-production', report: '', summary: '## Rehearsal not played' },
    { target: 'web-staging', report: played, summary: '' },
  ];

  expect(rehearsalCheck('success', targets).figures).toBe(
    'web-production: nothing rolls out; web-staging: 1 of 13,121 requests lost, the control lost 971 of 2,844',
  );
});

test('a comment of long words fits into what GitHub takes, with every fence and fold closed', () => {
  const line = `${'word '.repeat(20)}\n`;
  const long = `### Forecast\n\n✅ 1 workload rolls out.\n\n<details><summary>All</summary>\n\n\`\`\`text\n${line.repeat(2_000)}\`\`\`\n\n</details>\n`;
  const rehearsed = { target: 'web', report: played, summary: line.repeat(2_000) };
  const forecast = forecastCheck(long);

  const text = checksReport([
    guardCheck('success', `${passed}\n${line.repeat(2_000)}`, ''),
    ...(forecast === null ? [] : [forecast]),
    rehearsalCheck('success', [rehearsed]),
  ]);

  expect(text.length).toBeLessThan(60_000);
  expect(text.match(/<details>/g)?.length).toBe(text.match(/<\/details>/g)?.length);
  expect((text.match(/^```/gm)?.length ?? 0) % 2).toBe(0);
  expect(text.match(/The rest is in the summary of the job\./g)).toHaveLength(3);
});
