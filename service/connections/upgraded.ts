import { type IncomingMessage, type Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { OpenRequests } from './open-requests.ts';
import { refuse } from './refuse.ts';

/** Another protocol that a connection can change to, such as WebSocket. */
export interface Protocol {
  /** Any other request is answered as if it did not ask for an upgrade: HTTP lets a server ignore that. */
  isAskedFor(request: IncomingMessage): boolean;
  /**
   * Has all of the connection from now on, `head` being the first of what the client sent. Says goodbye in the words of
   * its protocol when the drain begins.
   */
  speak(request: IncomingMessage, socket: Socket, head: Buffer): void;
}

/** The connections that speak another protocol. */
export interface Upgraded {
  serve(server: Server, requests: OpenRequests, protocol: Protocol): void;
  count(): number;
  /** Those whose end the client can't know of yet: something of ours is not sent. */
  unfinished(): number;
  /** Ends our side of all of them (FIN), and of those to come. What was written before still arrives. */
  finish(): void;
}

/** Starts to keep count. */
export function trackUpgraded(): Upgraded {
  const sockets = new Set<Socket>();
  let isOver = false;

  function change(request: IncomingMessage, socket: Socket, head: Buffer, protocol: Protocol): void {
    if (socket.destroyed) return;
    // Not before: until now the connection has answers to come, and an end of ours would cut them off.
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    protocol.speak(request, socket, head);
    if (isOver) socket.end();
  }

  return {
    serve(server, requests, protocol) {
      server.on('upgrade', (request, socket: Socket, head) => {
        // Node.js has taken its own listeners away: a reset must not end the process, nor a half-open one stay for ever.
        socket.on('error', () => socket.destroy()).on('timeout', () => socket.destroy());
        if (!protocol.isAskedFor(request)) {
          requests.answered(socket, () => answerPlainly(server, requests, request, socket));
          return;
        }
        requests.answered(socket, () => change(request, socket, head, protocol));
      });
    },
    count: () => sockets.size,
    unfinished: () => [...sockets].filter(({ writableFinished }) => !writableFinished).length,
    finish() {
      isOver = true;
      for (const socket of sockets) socket.end();
    },
  };
}

/** Answers an upgrade that nobody asked for here as an ordinary request, the last of its connection. */
function answerPlainly(server: Server, requests: OpenRequests, request: IncomingMessage, socket: Socket): void {
  if (socket.destroyed) return;
  // Node.js does not read the body of an upgrade.
  if (request.headers['transfer-encoding'] !== undefined || Number(request.headers['content-length'] ?? 0) > 0) {
    refuse(socket, '501 Not Implemented', requests);
    return;
  }
  const response = new ServerResponse(request);
  response.shouldKeepAlive = false;
  response.assignSocket(socket);
  response.once('finish', () => {
    response.detachSocket(socket);
    socket.end(() => socket.destroy());
  });
  server.emit('request', request, response);
}
