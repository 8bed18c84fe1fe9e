import { hostname } from 'node:os';
import { expect, test } from 'vitest';
import { marked, type Owned, staleNames, thisProcess } from '../../../src/rehearse/kubernetes/owner.ts';

function project(name: string, by?: string): Owned {
  return { metadata: { name, ...(by === undefined ? {} : { annotations: { 'zerodrop/rehearsed-by': by } }) } };
}

test('what this process has marked is stale once it is gone, and not before', () => {
  const owner = thisProcess();
  const object = { metadata: marked({ name: 'mine' }, owner) };

  expect(owner.place).toMatch(new RegExp(`^.+@${hostname()}$`));
  expect(staleNames([object], owner.place, () => true)).toEqual([]);
  expect(staleNames([object], owner.place, () => false)).toEqual(['mine']);
});

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
