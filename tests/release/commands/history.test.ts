import { expect, test } from 'vitest';
import { formatPin, pinPath } from '../../../apps/pins.ts';
import { duration, historyCommand } from '../../../release/commands/history.ts';
import { projectFiles } from '../../settings/sample.ts';
import { project } from '../../settings/sample.ts';
import { emptyRepository, type Repository } from '../repository.ts';

const hour = 3_600;
const begin = Date.UTC(2026, 0, 5, 8) / 1_000;

/** A repository of an owner with no more than settings, whose commits are made at these hours after the first. */
function owned(): Repository & { at(hours: number, subject: string, path: string, text: string): string } {
  const repository = emptyRepository();
  const at = (hours: number, subject: string, path: string, text: string): string => {
    repository.write(path, text);
    repository.git('add', '--all');
    const date = `--date=@${begin + hours * hour}`;
    repository.git('commit', '--quiet', `--message=${subject}`, date);
    // Git takes the committer's time from the environment alone: rewriting the one commit sets it.
    repository.git(
      '-c',
      'core.hooksPath=/dev/null',
      'rebase',
      '--quiet',
      '--committer-date-is-author-date',
      '--force-rebase',
      'HEAD~1',
    );
    return repository.head();
  };
  for (const [path, text] of projectFiles(project)) repository.write(path, text);
  repository.commit('Begin');
  return { ...repository, at };
}

const pin = (tag: string, source: string): string =>
  formatPin({ image: `europe-docker.pkg.dev/example-project/zerodrop/web:${tag}@sha256:${'0'.repeat(64)}`, source });

async function history(repository: Repository, ...args: readonly string[]) {
  const asked = ['--directory', repository.directory, ...args];
  const nowMs = (begin + 7 * 24 * hour) * 1_000;
  return historyCommand(asked, new AbortController().signal, nowMs);
}

test('tells what ran when, and the figures of a period, from git alone', async () => {
  const repository = owned();
  const good = repository.at(0, 'Answer', 'service/main.ts', '1');
  repository.at(1, 'Release', pinPath('production/web'), pin('1.0.0', good));
  repository.at(2, 'Describe', 'README.md', 'not in the image');
  repository.at(3, 'Answer faster', 'service/main.ts', '2');
  const bad = repository.at(5, 'Answer wrongly', 'service/main.ts', '3');
  const released = repository.at(6, 'Release', pinPath('production/web'), pin('2.0.0', bad));
  repository.at(6.5, 'Revert', pinPath('production/web'), pin('1.0.0', good));
  const mended = repository.at(8, 'Mend', 'service/main.ts', '4');
  repository.at(10, 'Release', pinPath('production/web'), pin('2.0.1', mended));

  const { stdout } = await history(repository, '--environment', 'production', '--days', '7');
  expect(stdout).toBe(`The last 7 days, until 2026-01-12 08:00 UTC.

web in production
  2026-01-05 18:00 UTC  until now                   release   2.0.1 (${mended.slice(0, 7)})
  2026-01-05 14:30 UTC  until 2026-01-05 18:00 UTC  rollback  1.0.0 (${good.slice(0, 7)})
  2026-01-05 14:00 UTC  until 2026-01-05 14:30 UTC  release   2.0.0 (${bad.slice(0, 7)}), rolled back 2026-01-05 14:30 UTC
  2026-01-05 09:00 UTC  until 2026-01-05 14:00 UTC  release   1.0.0 (${good.slice(0, 7)})

  releases         3, 3.0 a week
  lead time        3 h 30 min (median of 4 commits)
  rolled back      1 of 3 (33 %)
  time to restore  30 min (one rollback)
`);
  const json: unknown = JSON.parse((await history(repository, '--json', '--days', '7')).stdout);
  expect(json).toMatchObject({
    from: '2026-01-05T08:00:00Z',
    to: '2026-01-12T08:00:00Z',
    targets: [
      { service: 'web', environment: 'staging', entries: [], figures: { releases: 0, takenBackShare: null } },
      {
        environment: 'production',
        entries: [
          {},
          {},
          {
            kind: 'release',
            commit: released,
            at: '2026-01-05T14:00:00Z',
            until: '2026-01-05T14:30:00Z',
            rolledBackAt: '2026-01-05T14:30:00Z',
            source: bad,
          },
          {},
        ],
        figures: { releases: 3, leadTimeCommits: 4, restoreSeconds: 1_800 },
      },
    ],
  });
});

test.each([
  [['--environment', 'prod'], '--environment is "prod", but settings.ts has staging, production.'],
  [['--service', 'api'], '--service is "api", but settings.ts has web.'],
  [['--days', '0'], '--days is "0", expected a whole number from 1 to 99999.'],
])('says what is wrong with %j', async (args, sentence) => {
  const repository = emptyRepository();
  for (const [path, text] of projectFiles(project)) repository.write(path, text);
  repository.commit('Begin');
  await expect(history(repository, ...args)).rejects.toThrow(sentence);
});

test('a shallow clone does not have the history', async () => {
  const repository = owned();
  repository.write('.git/shallow', `${repository.head()}\n`);
  await expect(history(repository)).rejects.toThrow('This clone is shallow');
});

test.each([
  [0, '0 s'],
  [59, '59 s'],
  [61, '1 min 1 s'],
  [3_600, '1 h'],
  [90_061, '1 d 1 h'],
  [172_800.5, '2 d'],
])('%d s are %s', (seconds, text) => {
  expect(duration(seconds)).toBe(text);
});
