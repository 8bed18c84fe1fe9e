import type { ClientFigures, Figures, Percentiles, Report, RolloutFigures } from '../schema.ts';
import { expectedAfterMs } from '../sentences.ts';
import { count, listed, milliseconds, seconds } from '../words.ts';
import { type Row, table } from './table.ts';

const ofRollout: readonly Row<RolloutFigures>[] = [
  { name: 'requests', cell: ({ requests }) => count(requests) },
  { name: 'lost', cell: ({ failed }) => count(failed), isBad: ({ failed }) => failed > 0 },
  {
    name: 'least ready pods',
    cell: ({ minimumReadyPods, replicas }) => `${minimumReadyPods ?? '–'} of ${replicas}`,
    isBad: ({ minimumReadyPods, replicas }) => (minimumReadyPods ?? 0) < replicas,
  },
  { name: 'surge, unavailable', cell: ({ maxSurge, maxUnavailable }) => `${maxSurge}, ${maxUnavailable}` },
  { name: 'pushed at', cell: ({ committedAtMs }) => seconds(committedAtMs) },
  { name: 'synced after', cell: ({ syncedAfterMs }) => seconds(syncedAfterMs) },
  { name: 'first answer after', cell: ({ firstAnswerAfterMs }) => seconds(firstAnswerAfterMs) },
  {
    name: 'rolled out after',
    cell: ({ completeAfterMs }) => seconds(completeAfterMs),
    isBad: ({ completeAfterMs }) => completeAfterMs === null,
  },
  { name: 'expected after', cell: (rollout) => seconds(expectedAfterMs(rollout)) },
  { name: 'old pods gone after', cell: ({ lastOldPodGoneAfterMs }) => seconds(lastOldPodGoneAfterMs) },
];

const ofClient: readonly Row<ClientFigures>[] = [
  { name: 'per second', cell: ({ rate }) => count(rate) },
  { name: 'requests', cell: ({ sent }) => count(sent) },
  { name: 'lost', cell: ({ failed }) => count(failed), isBad: ({ failed }) => failed > 0 },
  { name: 'as', cell: ({ failures }) => listed(failures, '\n') || '–' },
  ...ofPercentiles('latency', ({ latencyMs }) => latencyMs),
  ...ofPercentiles('lateness', ({ latenessMs }) => latenessMs),
];

/** The figures of each rollout, the control's beside ours. */
export function rolloutsTable(report: Report): string {
  return table({
    caption: 'What each rollout did',
    groups: beside(report, ({ rollouts }) => rollouts.map((rollout) => ({ name: rollout.name, subject: rollout }))),
    rows: ofRollout,
  });
}

/** The figures of each client, the control's beside ours. */
export function clientsTable(report: Report): string {
  return table({
    caption: 'What each client saw',
    groups: beside(report, ({ clients }) => clients.map((client) => ({ name: client.kind, subject: client }))),
    rows: ofClient,
  });
}

function beside<Column>(report: Report, columns: (figures: Figures) => readonly Column[]) {
  const main = { name: report.settings === 'ours' ? 'our settings' : 'the original', columns: columns(report) };
  return [main, { name: 'the control', columns: report.control === null ? [] : columns(report.control) }];
}

function ofPercentiles(what: string, of: (client: ClientFigures) => Percentiles): readonly Row<ClientFigures>[] {
  return (['p50', 'p99', 'max'] as const).map((rank) => ({
    name: `${what} ${rank}`,
    cell: (client) => milliseconds(of(client)[rank]),
  }));
}
