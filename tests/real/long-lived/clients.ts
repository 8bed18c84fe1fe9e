import { once } from 'node:events';
import { request } from 'node:http';
import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { WebSocket } from 'ws';

/** What one client does: as many units as it returns, or throws what was lost. `state` is kept from one call to the next. */
export type Client = (port: number, state: { socket?: Socket }) => Promise<number>;

const host = '127.0.0.1';
const batch = 10;

/** Ten requests in one write, over one connection until an answer says that it is the last. */
export const pipelining: Client = async (port, state) => {
  const socket = (state.socket ??= connect({ port, host }).setEncoding('latin1'));
  const bodies = Array.from({ length: batch }, (_, index) => `request ${index} ${Math.random()}`);
  let got = '';
  const answers = () => got.split('HTTP/1.1 200 OK').slice(1);
  const whole = new Promise<void>((resolve, reject) => {
    socket.on('data', (text: string) => {
      got += text;
      if (answers().length === batch && got.endsWith(bodies.at(-1) ?? '')) resolve();
    });
    socket.once('error', reject).once('close', () => reject(new Error(`${answers().length} of ${batch} answers`)));
  });
  const requests = bodies.map(
    (body) => `POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
  );
  socket.write(requests.join(''));
  try {
    await whole;
  } finally {
    socket.removeAllListeners('data').removeAllListeners('close').removeAllListeners('error');
    socket.on('error', () => undefined);
  }
  answers().forEach((answer, index) => {
    if (!answer.endsWith(bodies[index] ?? '')) throw new Error(`answer ${index} is another one's`);
  });
  const isLast = answers().map((answer) => answer.includes('Connection: close'));
  if (isLast.slice(0, -1).some(Boolean)) throw new Error('an answer in the middle says that it is the last');
  if (isLast.at(-1) === true) {
    socket.destroy();
    delete state.socket;
  }
  // So that the number lasts for several rollouts.
  await sleep(300);
  return batch;
};

/** A body of 10 kB that takes 300 ms to send. */
export const upload: Client = async (port) => {
  const part = Buffer.alloc(2_500, 'x');
  const outgoing = request({
    port,
    host,
    path: '/echo',
    method: 'POST',
    agent: false,
    headers: { 'content-length': 10_000 },
  });
  const answered = once(outgoing, 'response');
  for (let sent = 0; sent < 4; sent += 1) {
    outgoing.write(part);
    if (sent < 3) await sleep(100);
  }
  outgoing.end();
  const [answer] = await answered;
  let length = 0;
  for await (const chunk of answer) length += chunk.length;
  if (answer.statusCode !== 200 || length !== 10_000) throw new Error(`${answer.statusCode} with ${length} bytes`);
  return 1;
};

/** A stream until its third event. Where it ends before, the client connects again and says what it has seen. */
export const stream: Client = async (port) => {
  let seen = 0;
  while (seen < 3) {
    const outgoing = request({ port, host, path: '/events', agent: false, headers: { 'last-event-id': seen } }).end();
    const [answer] = await once(outgoing, 'response');
    if (answer.statusCode !== 200) throw new Error(`status ${answer.statusCode}`);
    answer.setEncoding('utf8');
    for await (const text of answer) {
      for (const [, id] of String(text).matchAll(/^id: (\d+)$/gm)) {
        if (Number(id) !== seen + 1) throw new Error(`event ${id} after ${seen}`);
        seen = Number(id);
      }
      if (seen >= 3) break;
    }
    if (seen < 3 && !answer.complete) throw new Error('a stream without its end');
    // What the stream asks for: retry.
    if (seen < 3) await sleep(1_000);
  }
  return 1;
};

/** Three messages over a WebSocket. Told to go away, the client connects again and sends anew what has no answer. */
export const webSocket: Client = async (port) => {
  let answered = 0;
  while (answered < 3) {
    const socket = new WebSocket(`ws://${host}:${port}/socket`);
    const closed = new Promise<number>((resolve) => socket.once('close', resolve));
    const failed = new Promise<never>((_, reject) => socket.once('error', reject));
    failed.catch(() => undefined);
    await Promise.race([once(socket, 'open'), failed]);
    let code: number | null = null;
    while (answered < 3 && code === null) {
      const text = `message ${answered} ${Math.random()}`;
      const answer = new Promise<null>((resolve, reject) =>
        socket.once('message', (message) =>
          String(message) === text ? resolve(null) : reject(new Error('another message')),
        ),
      );
      if (socket.readyState === WebSocket.OPEN) socket.send(text);
      code = await Promise.race([answer, closed, failed]);
      if (code === null) answered += 1;
      if (answered < 3) await sleep(100);
    }
    if (answered === 3) socket.close(1000);
    const end = code ?? (await closed);
    // 1006: torn without a goodbye.
    if (end !== 1000 && end !== 1001) throw new Error(`closed with ${end}`);
  }
  return 1;
};
