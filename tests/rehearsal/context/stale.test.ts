import { expect, test } from 'vitest';
import { type Owned, staleNames } from '../../../rehearsal/context/stale.ts';

function project(name: string, by?: string): Owned {
  return { metadata: { name, ...(by === undefined ? {} : { annotations: { 'zerodrop/rehearsed-by': by } }) } };
}

test('only what a process of this place left behind is stale', () => {
  const projects = [
    project('dead', 'me@here/10'),
    project('alive', 'me@here/11'),
    project('of-another-machine', 'me@there/10'),
    project('without-owner'),
    project('garbled', 'me@here/first'),
  ];

  expect(staleNames(projects, 'me@here', (processId) => processId === 11)).toEqual(['dead']);
});
