import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Program, startProgram } from '../../../../src/rehearse/embedded/programs.ts';
import { processesOf } from '../processes.ts';

interface Message {
  readonly say: string;
}

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'zerodrop-test-'));
});

afterEach(() => rmSync(folder, { recursive: true }));

function start(source: string): Program<Message, Message> {
  writeFileSync(path.join(folder, 'small.cjs'), source);
  return startProgram(folder, 'small');
}

const heard = async (program: Program<Message, Message>): Promise<string> =>
  new Promise((resolve) => program.hear(({ say }) => resolve(say)));

test('talks with a program, which ends when it is asked to', async () => {
  const program = start("process.on('message', ({ say }) => process.send({ say: say + ' too' }));");
  const answer = heard(program);
  program.tell({ say: 'hello' });
  expect(await answer).toBe('hello too');
  await program.end();
  await program.end();
  expect(processesOf(folder)).toEqual([]);
});

test('says the last words of a program that ends by itself', async () => {
  const program = start("console.error('the port is taken'); process.exit(3);");
  await expect(program.failed).rejects.toThrow(
    /small .* ended by itself \(exit code 3\)\. Its last words:\nthe port is taken/,
  );
  program.tell({ say: 'hello' });
  await program.end();
});

test('kills a program that does not end, and what it started', async () => {
  const child = path.join(folder, 'child.cjs');
  writeFileSync(child, 'setInterval(() => undefined, 1000);');
  const program = start(`
    require('node:child_process').spawn(process.execPath, [${JSON.stringify(child)}]);
    setInterval(() => undefined, 1000);
    process.send({ say: 'started' });
  `);
  expect(await heard(program)).toBe('started');
  await program.end(50);
  await expect.poll(() => processesOf(folder)).toEqual([]);
});
