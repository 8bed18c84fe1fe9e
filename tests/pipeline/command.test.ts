import { expect, onTestFinished, test, vi } from 'vitest';
import { matrixOf, stepOutputs } from '../../pipeline/command.ts';

test('an output is a line', () => {
  expect(stepOutputs({ tag: '1.4.0-3f2a9c81d04b', digest: '' })).toBe('tag=1.4.0-3f2a9c81d04b\ndigest=\n');
});

test('a value that would smuggle in a second output is refused', () => {
  expect(() => stepOutputs({ tag: '1.4.0\ndigest=sha256:0' })).toThrow('The output tag has several lines');
});

test('a list for a matrix has as many entries as GitHub takes, and says how many are left out', () => {
  const said = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  onTestFinished(() => said.mockRestore());
  const targets = Array.from({ length: 300 }, (_, index) => ({ service: `web-${index}` }));

  expect(matrixOf(targets.slice(0, 256), 'Targets')).toBe(JSON.stringify(targets.slice(0, 256)));
  expect(said).not.toHaveBeenCalled();
  expect(JSON.parse(matrixOf(targets, 'Targets'))).toEqual(targets.slice(0, 256));
  expect(said).toHaveBeenCalledWith('Targets: 44 of 300 are left out, because a matrix has at most 256 jobs.\n');
});
