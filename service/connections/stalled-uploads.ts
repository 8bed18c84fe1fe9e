import type { IncomingMessage, Server } from 'node:http';
import type { Socket } from 'node:net';
import type { OpenRequests } from './open-requests.ts';
import { refuse } from './refuse.ts';

/** How often uploads are looked at. */
const LOOK_MS = 1_000;

interface Upload {
  readonly request: IncomingMessage;
  bytesRead: number;
  /** For how long nothing has come in. */
  stalledMs: number;
}

/**
 * Answers an upload with 408 when nothing of it has come in for `patienceMs`. One that goes on may take as long as it
 * needs: a limit for the whole of it would refuse large bodies on slow lines, and a client that wants to hold a connection
 * may keep it idle just as well.
 */
export function refuseStalledUploads(server: Server, requests: OpenRequests, patienceMs: number): void {
  const uploads = new Map<Socket, Upload>();

  function look(): void {
    for (const [socket, upload] of uploads) {
      if (upload.request.complete || socket.destroyed) {
        uploads.delete(socket);
        continue;
      }
      // A paused socket waits for the app, not for the client.
      const isMoving = socket.bytesRead !== upload.bytesRead || socket.isPaused();
      upload.stalledMs = isMoving ? 0 : upload.stalledMs + LOOK_MS;
      upload.bytesRead = socket.bytesRead;
      if (upload.stalledMs < patienceMs) continue;
      uploads.delete(socket);
      refuse(socket, '408 Request Timeout', requests);
    }
  }

  server.on('request', (request: IncomingMessage) =>
    uploads.set(request.socket, { request, bytesRead: request.socket.bytesRead, stalledMs: 0 }),
  );
  const looking = setInterval(look, LOOK_MS).unref();
  server.once('close', () => clearInterval(looking));
}
