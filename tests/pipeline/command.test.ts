import { PassThrough } from 'node:stream';
import { expect, onTestFinished, test, vi } from 'vitest';
import { isAgreed, matrixOf, stepOutputs } from '../../pipeline/command.ts';

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

const terminal = (): PassThrough & { isTTY: boolean } => Object.assign(new PassThrough(), { isTTY: true });

/** How a question at a terminal ends, where these keys are pressed. */
async function answered(keys: string): Promise<boolean> {
  const [input, output] = [terminal(), terminal()];
  const agreed = isAgreed('Type yes: ', input, output);
  input.write(keys);
  return agreed;
}

test.each([
  ['yes', 'yes\r', true],
  ['another word', 'y\r', false],
  ['Ctrl-D', '\u0004', false],
])('%s at a question', async (_, keys, agreed) => {
  expect(await answered(keys)).toBe(agreed);
});

test('Ctrl-C at a question interrupts, and a question without a terminal is refused', async () => {
  await expect(answered('\u0003')).rejects.toMatchObject({ name: 'Interrupted' });
  expect(await isAgreed('Type yes: ', new PassThrough())).toBe(false);
});
