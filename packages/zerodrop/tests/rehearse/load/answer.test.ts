import { request } from 'node:http';
import { Duplex } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { type Answer, makeAnswerReader, MalformedAnswer } from '../../../src/rehearse/load/answer.ts';

/** What a reader makes of these parts, and of the end behind them. */
function read(parts: readonly string[], method = 'GET'): Answer | 'malformed' | 'cut off' {
  const reader = makeAnswerReader(method);
  try {
    for (const part of parts) {
      const answer = reader.read(Buffer.from(part, 'latin1'));
      if (answer !== null) return answer;
    }
    return reader.end() ?? 'cut off';
  } catch (error) {
    if (error instanceof MalformedAnswer) return 'malformed';
    throw error;
  }
}

const answer = (head: string, body = ''): string => `HTTP/1.1 200 OK\r\n${head}\r\n\r\n${body}`;

describe('an answer', () => {
  test.each([
    ['by its length', answer('content-length: 2', 'ok'), { body: 'ok', isKept: true }],
    ['without a body', answer('Content-Length: 0'), { body: '', isKept: true }],
    [
      'in chunks',
      answer('transfer-encoding: chunked', '1\r\no\r\n1;x=y\r\nk\r\n0\r\n\r\n'),
      { body: 'ok', isKept: true },
    ],
    ['with trailers', answer('transfer-encoding: chunked', '2\r\nok\r\n0\r\nx: y\r\n\r\n'), { body: 'ok' }],
    ['until it is closed', answer('x: y', 'ok'), { body: 'ok', isKept: false }],
    ['that is the last', answer('content-length: 2\r\nConnection: Close', 'ok'), { isKept: false }],
    ['of HTTP/1.0', 'HTTP/1.0 200 OK\r\ncontent-length: 2\r\n\r\nok', { isKept: false }],
    [
      'after others in between',
      `HTTP/1.1 103 Early\r\nlink: a\r\n\r\n${answer('content-length: 2', 'ok')}`,
      { status: 200 },
    ],
    ['without a body by its status', 'HTTP/1.1 204 No Content\r\n\r\n', { status: 204, body: '', isKept: true }],
    [
      'of another protocol',
      'HTTP/1.1 101 Switching\r\nupgrade: x\r\n\r\nframe',
      { status: 101, rest: Buffer.from('frame') },
    ],
    [
      'with a header twice',
      answer('a: 1\r\nA: 2\r\ncontent-length: 0'),
      { headers: { a: '1, 2', 'content-length': '0' } },
    ],
    [
      'with a header of two lines',
      answer('a: 1\r\n  2\r\ncontent-length: 0'),
      { headers: { a: '1 2', 'content-length': '0' } },
    ],
    ['with more behind it', answer('content-length: 2', 'okHTTP'), { body: 'ok', rest: Buffer.from('HTTP') }],
    ['without words for its status', 'HTTP/1.1 200\r\ncontent-length: 0\r\n\r\n', { status: 200 }],
  ])('%s is read, whole and byte by byte', (_what, text, expected) => {
    expect(read([text])).toMatchObject(expected);
    const { rest: _, ...others } = expected as Partial<Answer>;
    expect(read([...text])).toMatchObject(others);
  });

  test('to HEAD has no body', () => {
    expect(read([answer('content-length: 2')], 'HEAD')).toMatchObject({ body: '', status: 200 });
  });

  test.each([
    ['another protocol', 'SSH-2.0-OpenSSH_9.2\r\n'],
    ['another version', 'HTTP/2 200 OK\r\n\r\n'],
    ['two lengths', answer('content-length: 2\r\ncontent-length: 2', 'ok')],
    ['a length and chunks', answer('content-length: 2\r\ntransfer-encoding: chunked', '0\r\n\r\n')],
    ['a length below zero', answer('content-length: -2', 'ok')],
    ['a length in hex', answer('content-length: 0x2', 'ok')],
    ['chunks twice', answer('transfer-encoding: chunked, chunked', '0\r\n\r\n')],
    ['a chunk without a size', answer('transfer-encoding: chunked', 'z\r\n')],
    ['a chunk that is too long', answer('transfer-encoding: chunked', '1\r\nok\r\n')],
    ['a chunk with a size that no number holds', answer('transfer-encoding: chunked', `${'f'.repeat(17)}\r\n`)],
    ['a header without a colon', answer('nonsense\r\ncontent-length: 0')],
    ['a space before a colon', answer('content-length : 0')],
    ['a NUL in a header', answer('a: \0\r\ncontent-length: 0')],
    ['a line end without a carriage return', 'HTTP/1.1 200 OK\ncontent-length: 0\n\n\r\n\r\n'],
    ['headers without an end', `HTTP/1.1 200 OK\r\na: ${'b'.repeat(20_000)}`],
    ['trailers without an end', answer('transfer-encoding: chunked', `0\r\n${'a: b\r\n'.repeat(4_000)}`)],
  ])('with %s is malformed', (_what, text) => {
    expect(read([text])).toBe('malformed');
    expect(read([...text])).toBe('malformed');
  });

  test.each([
    ['in its head', 'HTTP/1.1 200 OK\r\ncontent-le'],
    ['in its body', answer('content-length: 3', 'ok')],
    ['in a chunk', answer('transfer-encoding: chunked', '3\r\nok')],
    ['before its last chunk', answer('transfer-encoding: chunked', '2\r\nok\r\n')],
    ['in its trailers', answer('transfer-encoding: chunked', '2\r\nok\r\n0\r\n')],
  ])('is cut off %s', (_what, text) => {
    expect(read([text])).toBe('cut off');
  });

  test('hands on each part of its body as it comes', () => {
    const seen: string[] = [];
    const reader = makeAnswerReader('GET', (part) => seen.push(part.toString()));
    reader.read(Buffer.from(answer('transfer-encoding: chunked', '2\r\nab\r\n')));
    reader.read(Buffer.from('1\r\nc\r\n'));

    expect(seen.join('|')).toBe('ab|c');
    expect(reader.read(Buffer.from('0\r\n\r\n'))).toMatchObject({ body: '' });
  });
});

/** What Node.js makes of the same; null for an error of any kind. */
async function byNode(text: string, method: string): Promise<Pick<Answer, 'status' | 'body'> | null> {
  return new Promise((resolve) => {
    const socket = new Duplex({ read: () => undefined, write: (_chunk, _encoding, written) => written() });
    const asked = request({ method, createConnection: () => socket, headers: { host: 'web.test' } }, (got) => {
      let body = '';
      got.setEncoding('utf8').on('data', (part: string) => (body += part));
      got.on('error', () => resolve(null));
      // What comes behind an answer is an error of the connection.
      got.once('end', () => setImmediate(() => resolve({ status: got.statusCode ?? 0, body })));
    });
    asked.on('upgrade', (got) => resolve({ status: got.statusCode ?? 0, body: '' }));
    asked.on('error', () => resolve(null));
    asked.end();
    socket.push(Buffer.from(text, 'latin1'));
    socket.push(null);
  });
}

/** The same numbers for the same seed (a linear congruential generator). */
function numbersFrom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state * 1_664_525 + 1_013_904_223) % 2 ** 32;
    return Math.floor((state / 2 ** 32) * below);
  };
}

const seeds = [
  answer('content-length: 5', 'hello'),
  answer('transfer-encoding: chunked', '5\r\nhello\r\n3;a=b\r\nyou\r\n0\r\nx: y\r\n\r\n'),
  answer('connection: close', 'hello'),
  'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok',
  'HTTP/1.0 404 Not Found\r\nconnection: keep-alive\r\ncontent-length: 1\r\n\r\nx',
  'HTTP/1.1 304 Not Modified\r\netag: "a"\r\n\r\n',
];
const spare = [
  '\r',
  '\n',
  '\r\n',
  ' ',
  ':',
  '0',
  '5',
  'f',
  ';',
  ',',
  '\0',
  'chunked',
  'HTTP/1.1 ',
  'content-length: 3\r\n',
];

/** A text in which something is left out, put in, doubled or exchanged. */
function mutated(text: string, random: (below: number) => number): string {
  const at = random(text.length);
  const to = at + 1 + random(4);
  const put = spare[random(spare.length)] ?? '';
  return (
    [
      `${text.slice(0, at)}${text.slice(to)}`,
      `${text.slice(0, at)}${put}${text.slice(at)}`,
      `${text.slice(0, to)}${text.slice(at)}`,
      `${text.slice(0, at)}${put}${text.slice(to)}`,
    ][random(4)] ?? text
  );
}

test('takes what is broken at random as Node.js takes it, or refuses it', async () => {
  const random = numbersFrom(Number(process.env['FUZZ_SEED'] ?? 7));
  const cases = Number(process.env['FUZZ_CASES'] ?? 400);
  const others: unknown[] = [];
  let refusedAlone = 0;
  for (let n = 0; n < cases; n += 1) {
    let text = seeds[random(seeds.length)] ?? '';
    for (let times = 1 + random(3); times > 0; times -= 1) text = mutated(text, random);
    const cut = random(text.length);
    // Node.js refuses headers of two lines, which are allowed (RFC 9112, 5.2), and looks for lengths in trailers.
    if (/\r\n[\t ]|0\r\ncontent-length/.test(text)) continue;
    const ours = taken([text.slice(0, cut), text.slice(cut)]);
    const theirs = await byNode(text, 'GET');
    if (ours === null && theirs !== null) refusedAlone += 1;
    if (ours !== null && JSON.stringify(ours) !== JSON.stringify(theirs)) others.push({ text, ours, theirs });
  }
  expect(others).toEqual([]);
  expect(refusedAlone).toBeLessThan(cases / 100);
});

/** What a client takes: nothing where more came than the answer. */
function taken(parts: readonly [string, string]): Pick<Answer, 'status' | 'body'> | null {
  const got = read(parts);
  if (typeof got !== 'object') return null;
  const isFirst = read([parts[0]]) !== 'cut off' && read([parts[0]]) !== 'malformed' && got.isKept;
  const rest = isFirst ? parts[1].replace(/^[\r\n]+/, '') : '';
  return got.rest.length > 0 || rest !== '' ? null : { status: got.status, body: got.body };
}
