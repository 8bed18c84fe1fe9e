import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { readEnvironment } from '../../service/environment.ts';
import { noFaults } from '../../service/faults.ts';

test('docs/how-to/run-the-service.md has every variable that the service reads, with what holds unless it is set', () => {
  const read = new Set<string>();
  const variables = new Proxy<Record<string, string>>(
    {},
    {
      get: (_, name) => {
        read.add(String(name));
        return name === 'FAULTS' ? 'on' : undefined;
      },
    },
  );
  const { port, managementPort, drainMs, shutdownLimitMs, dependencyDelayMs } = readEnvironment(
    variables,
    'host',
    noFaults,
  );
  const text = readFileSync('docs/how-to/run-the-service.md', 'utf8');
  const rows = new Map(
    [...text.matchAll(/^\| `([A-Z_]+)` \|.*\| (.*) \|$/gm)].map(([, name = '', usual]) => [name, usual]),
  );

  expect([...rows.keys()].toSorted()).toEqual([...read].toSorted());
  expect(Object.fromEntries(rows)).toMatchObject({
    PORT: String(port),
    MANAGEMENT_PORT: String(managementPort),
    DRAIN_MS: String(drainMs),
    SHUTDOWN_LIMIT_MS: String(shutdownLimitMs),
    DEPENDENCY_DELAY_MS: String(dependencyDelayMs),
  });
});
