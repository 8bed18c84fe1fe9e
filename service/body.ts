import type { IncomingMessage } from 'node:http';

/**
 * Collects a request's body as it was sent, without decoding it: express.raw() would unpack a compressed one. Stops at
 * `limit` bytes and leaves the rest to Node.js, which reads it and throws it away. Rejects with an error of status 400
 * when the client goes away in the middle.
 */
export function readBody(request: IncomingMessage, limit: number): Promise<Buffer | 'too large'> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;

    function settle(result: Buffer | 'too large'): void {
      request.off('data', collect).off('end', finish).off('error', leave);
      resolve(result);
    }
    function collect(chunk: Buffer): void {
      size += chunk.length;
      if (size > limit) settle('too large');
      else chunks.push(chunk);
    }
    const finish = () => settle(chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks));
    const leave = (cause: Error) =>
      reject(Object.assign(new Error('The client went away in the middle of its body.', { cause }), { status: 400 }));

    if (Number(request.headers['content-length']) > limit) resolve('too large');
    else request.on('data', collect).on('end', finish).on('error', leave);
  });
}
