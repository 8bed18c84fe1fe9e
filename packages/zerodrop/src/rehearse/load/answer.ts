/** An answer of HTTP/1.1, whole. */
export interface Answer {
  readonly status: number;
  /** By their names in lower case. What was sent several times is joined by commas. */
  readonly headers: Readonly<Record<string, string>>;
  /** Read as UTF-8; empty where each part was handed on as it came. */
  readonly body: string;
  /** Whether the connection may carry another request. */
  readonly isKept: boolean;
  /** What came behind the answer: frames of another protocol, or what nobody asked for. */
  readonly rest: Buffer;
}

/** What came is no HTTP/1.1 answer. */
export class MalformedAnswer extends Error {
  override readonly name = 'MalformedAnswer';
}

/** Reads one answer from a connection. */
export interface AnswerReader {
  /** Takes what has arrived, and returns the answer once it is whole. Throws {@link MalformedAnswer}. */
  read(chunk: Buffer): Answer | null;
  /** The service has sent its last byte: returns the answer where that ends it. */
  end(): Answer | null;
  /** Whether anything of an answer has come. */
  hasBegun(): boolean;
}

/** As Node.js has it: 16 KiB of status line and headers, or of trailers. */
const mostHeaderBytes = 16_384;

/** Of a line that says how long a chunk is, its extensions included. */
const mostLineBytes = 4_096;

const lineEnd = '\r\n';
const nothing = Buffer.alloc(0);
const statusLine = /^HTTP\/1\.([01]) ([1-9]\d\d)(?: [^\r\n]*)?$/;
const fieldValue = /^[\t\x20-\x7E\x80-\xFF]*$/;
const token = "[!#$%&'*+\\-.^_`|~\\dA-Za-z]+";
const extension = `;${token}(?:=(?:${token}|"(?:[^"\\\\\\r\\n]|\\\\.)*")?)?`;
const fieldName = new RegExp(`^${token}$`);
const chunkLine = new RegExp(`^([\\dA-Fa-f]{1,13})(?:${extension})*$`);

type Framing = { readonly bytes: number } | 'chunked' | 'until closed';

interface Head {
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly isKept: boolean;
  readonly framing: Framing;
}

type Step = 'head' | 'bytes' | 'chunk line' | 'chunk' | 'chunk end' | 'trailers' | 'until closed';

/**
 * Reads the answer to a request of this method. As strict as RFC 9112 lets a client be: what another reader may take for the end of an
 * answer, or for its beginning, is malformed. Interim answers (1xx) are passed over, but 101, which is the last of its protocol.
 *
 * `onBody` gets each part of the body as it comes, of which nothing is kept then.
 */
export function makeAnswerReader(method: string, onBody: ((part: Buffer) => void) | null = null): AnswerReader {
  let unread: Buffer = nothing;
  let hasBegun = false;
  let step: Step = 'head';
  let head: Head | null = null;
  let left = 0;
  let trailerBytes = 0;
  const parts: Buffer[] = [];

  const whole = (): Answer | null => {
    if (head === null) return null;
    const { status, headers, isKept, framing } = head;
    const body = parts.length === 1 ? (parts[0] ?? nothing) : Buffer.concat(parts);
    return {
      status,
      headers,
      body: body.toString('utf8'),
      isKept: isKept && framing !== 'until closed',
      rest: withoutEmptyLines(unread),
    };
  };
  /** The next line without its end; null where it has not come to its end. */
  const line = (most: number): string | null => {
    const end = unread.indexOf(lineEnd);
    if (end > most || (end < 0 && unread.length > most)) throw new MalformedAnswer('a line is too long');
    if (end < 0) return null;
    const text = unread.toString('latin1', 0, end);
    unread = unread.subarray(end + 2);
    return text;
  };
  /** Takes what is there of the body; whether all of `left` is. */
  const takeBody = (): boolean => {
    const part = unread.length > left ? unread.subarray(0, left) : unread;
    unread = unread.subarray(part.length);
    left -= part.length;
    if (onBody !== null) onBody(part);
    else if (part.length > 0) parts.push(part);
    return left === 0;
  };
  /** Goes on by what the step finds; false where more has to come first. */
  const steps: Readonly<Record<Step, () => boolean | Answer | null>> = {
    head() {
      unread = withoutEmptyLines(unread);
      const end = unread.indexOf('\r\n\r\n');
      if (end > mostHeaderBytes || (end < 0 && unread.length > mostHeaderBytes)) {
        throw new MalformedAnswer('the headers are too long');
      }
      if (end < 0) return refuseOther(unread);
      const found = readHead(unread.toString('latin1', 0, end), method);
      unread = unread.subarray(end + 4);
      if (found.status < 200 && found.status !== 101) return true;
      head = found;
      const { framing } = found;
      if (framing === 'chunked') step = 'chunk line';
      else if (framing === 'until closed') step = framing;
      else if (framing.bytes === 0) return whole();
      else [step, left] = ['bytes', framing.bytes];
      return true;
    },
    bytes: () => takeBody() && whole(),
    'chunk line'() {
      const text = line(mostLineBytes);
      if (text === null) return false;
      const size = chunkLine.exec(text)?.[1];
      if (size === undefined) throw new MalformedAnswer('a chunk does not say its size');
      left = Number.parseInt(size, 16);
      step = left === 0 ? 'trailers' : 'chunk';
      return true;
    },
    chunk() {
      if (!takeBody()) return false;
      step = 'chunk end';
      return true;
    },
    'chunk end'() {
      if (unread.length < 2) return false;
      if (unread[0] !== 13 || unread[1] !== 10) throw new MalformedAnswer('a chunk is longer than it says');
      unread = unread.subarray(2);
      step = 'chunk line';
      return true;
    },
    trailers() {
      const text = line(Math.max(0, mostHeaderBytes - trailerBytes));
      if (text === null) return false;
      trailerBytes += text.length + lineEnd.length;
      if (text === '') return whole();
      readField(text);
      return true;
    },
    'until closed'() {
      left = Number.POSITIVE_INFINITY;
      takeBody();
      return false;
    },
  };

  return {
    hasBegun: () => hasBegun,
    read(chunk) {
      hasBegun = true;
      unread = unread.length === 0 ? chunk : Buffer.concat([unread, chunk]);
      for (;;) {
        const found = steps[step]();
        if (found === false) return null;
        if (found !== true) return found;
      }
    },
    end: () => (step === 'until closed' ? whole() : null),
  };
}

/** Empty lines around an answer mean nothing to anybody. */
function withoutEmptyLines(bytes: Buffer): Buffer {
  let from = 0;
  while (bytes[from] === 13 || bytes[from] === 10) from += 1;
  return from === 0 ? bytes : bytes.subarray(from);
}

/** What can't become a status line is refused at once: nobody has to wait for more of it. */
function refuseOther(begun: Buffer): false {
  const text = begun.toString('latin1', 0, 'HTTP/1.1 200'.length);
  if (!/^(?:HTTP\/1\.[01] \d{0,3}.*|HTTP\/1\.[01]|HTTP\/1\.|HTTP\/1|HTTP\/|HTTP|HTT|HT|H|)$/s.test(text)) {
    throw new MalformedAnswer('no status line');
  }
  return false;
}

function readHead(text: string, method: string): Head {
  const [first = '', ...lines] = text.split(lineEnd);
  const [, minor, code] = statusLine.exec(first) ?? [];
  if (code === undefined) throw new MalformedAnswer('no status line');
  const headers: Record<string, string> = {};
  for (const one of unfolded(lines)) {
    const [name, value] = readField(one);
    headers[name] = Object.hasOwn(headers, name) ? `${headers[name]}, ${value}` : value;
  }
  const connection = tokens(headers['connection']);
  const isKept = minor === '1' ? !connection.includes('close') : connection.includes('keep-alive');
  const status = Number(code);
  return { status, headers, isKept, framing: framingOf(status, headers, method) };
}

/** A line that begins with a space goes on with the one before it (RFC 9112, 5.2). */
function unfolded(lines: readonly string[]): readonly string[] {
  if (!lines.some((one) => one.startsWith(' ') || one.startsWith('\t'))) return lines;
  return lines
    .join(lineEnd)
    .replaceAll(/\r\n[\t ]+/g, ' ')
    .split(lineEnd);
}

function readField(line: string): readonly [name: string, value: string] {
  const colon = line.indexOf(':');
  const name = line.slice(0, Math.max(0, colon));
  const value = line.slice(colon + 1);
  if (!fieldName.test(name) || !fieldValue.test(value)) throw new MalformedAnswer('a header can not be read');
  return [name.toLowerCase(), value.replaceAll(/^[\t ]+|[\t ]+$/g, '')];
}

/** How long the body is (RFC 9112, 6.3). */
function framingOf(status: number, headers: Readonly<Record<string, string>>, method: string): Framing {
  const length = headers['content-length'];
  const encoding = headers['transfer-encoding'];
  if (length !== undefined && encoding !== undefined) throw new MalformedAnswer('two lengths');
  if (length !== undefined && !/^\d{1,15}$/.test(length)) throw new MalformedAnswer('a length that is no number');
  if (method === 'HEAD' || status === 101 || status === 204 || status === 304) return { bytes: 0 };
  if (encoding === undefined) return length === undefined ? 'until closed' : { bytes: Number(length) };
  const codings = tokens(encoding);
  if (codings.slice(0, -1).includes('chunked')) throw new MalformedAnswer('chunked more than once');
  return codings.at(-1) === 'chunked' ? 'chunked' : 'until closed';
}

function tokens(value = ''): readonly string[] {
  return value
    .toLowerCase()
    .split(',')
    .map((one) => one.trim());
}
