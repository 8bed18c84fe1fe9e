import type { Server } from 'node:http';
import type { Socket } from 'node:net';

/**
 * Follows a server's connections and returns a function that closes those on which nothing has ever come in, such as the
 * ones that browsers open ahead. Node.js counts them as busy: `closeIdleConnections()` leaves them, and the server
 * stays open with them until its limit.
 */
export function trackSilentConnections(server: Server): () => void {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  return () => {
    for (const socket of sockets) {
      if (socket.bytesRead === 0) socket.destroy();
    }
  };
}
