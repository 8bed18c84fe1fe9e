import type { PodState, Standing } from 'zerodrop/rollout';

const marks: Readonly<Record<PodState, string>> = {
  pending: '.',
  starting: 'o',
  ready: '*',
  terminating: 'x',
  failed: '!',
};

/** One line that says where a rollout stands: `Synced Progressing  v1 ** x  v2 *o  2,300 sent  0 failed`. */
export function statusLine({ application, pods }: Standing, sent: number, failed: number): string {
  const images = [...new Set(pods.map(({ image }) => image))];
  const sets = images.map((image) => {
    const members = pods.filter((pod) => pod.image === image);
    return `${tag(image)} ${members.map(({ state }) => marks[state]).join('')}`;
  });
  const status = application === null ? 'no application' : `${application.sync} ${application.health}`;
  return [status, ...sets.toSorted(), `${sent.toLocaleString('en')} sent`, `${failed} failed`].join('  ');
}

/** The tag of a pinned reference. */
function tag(image: string): string {
  return /:([^:@/]+)@/.exec(image)?.[1] ?? image;
}
