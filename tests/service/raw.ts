import { connect, type Socket } from 'node:net';

/** A connection over which a test says exactly what it wants. */
export interface Raw {
  readonly socket: Socket;
  /** Everything that came back so far. */
  got(): string;
  /** The status of each answer so far. */
  statuses(): number[];
  /** Resolves once the other side has closed, or reset, the connection. */
  readonly closed: Promise<void>;
}

/** Opens a connection to this machine. It stays half open when the other side is done. */
export function dial(port: number, ...words: readonly string[]): Raw {
  const socket = connect({ port, host: '127.0.0.1' });
  let got = '';
  socket.setEncoding('latin1').on('data', (text: string) => (got += text));
  socket.on('error', () => undefined);
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  for (const text of words) socket.write(text);
  return {
    socket,
    got: () => got,
    statuses: () => [...got.matchAll(/HTTP\/1\.1 (\d{3}) (?!Continue)/g)].map(([, status]) => Number(status)),
    closed,
  };
}

/** A request as it is on the wire. */
export function wire(method: string, path: string, body = '', ...headers: readonly string[]): string {
  const lines = [`${method} ${path} HTTP/1.1`, 'Host: x', ...headers];
  if (method === 'POST') lines.push(`Content-Length: ${body.length}`);
  return `${lines.join('\r\n')}\r\n\r\n${body}`;
}
