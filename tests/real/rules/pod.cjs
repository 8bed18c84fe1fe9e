// A usual program: it echoes, says its version, and on SIGTERM takes no more connections, and ends those that are kept with the answer
// to their next request. The environment says what is not usual: PORTS, START_MS, DRAIN_MS, ANSWER_MS (each answer), SERIAL_MS (one
// answer after another), NEVER_READY.
const { createServer } = require('node:http');
const { Server: NetServer } = require('node:net');
const { setTimeout: sleep } = require('node:timers/promises');
// The embedded cluster says by HOST and PORT where each pod listens.
const { VERSION, GREETING, HOST, PORT = '8080', PORTS = PORT, NEVER_READY } = process.env;
const duration = (name) => Number(process.env[name] ?? 0);
const version = GREETING === undefined ? VERSION : `${VERSION} ${GREETING}`;
// The load uses each kept connection every two seconds.
const keptMs = 2_500 + duration('ANSWER_MS');
let isLeaving = false;
let queue = Promise.resolve();

async function answer(request, response) {
  const parts = [];
  for await (const part of request) parts.push(part);
  if (request.url === '/readyz') {
    response.statusCode = NEVER_READY === undefined ? 200 : 503;
  } else {
    if (duration('SERIAL_MS') > 0) await (queue = queue.then(() => sleep(duration('SERIAL_MS'))));
    if (duration('ANSWER_MS') > 0) await sleep(duration('ANSWER_MS'));
  }
  response.setHeader('x-version', version);
  if (isLeaving) response.setHeader('connection', 'close');
  response.end(Buffer.concat(parts));
}

const servers = PORTS.split(',').map(() =>
  createServer((request, response) => void answer(request, response).catch(() => undefined)),
);
setTimeout(
  () => servers.forEach((server, index) => server.listen(Number(PORTS.split(',')[index]), HOST)),
  duration('START_MS'),
);

process.on('SIGTERM', async () => {
  isLeaving = true;
  await sleep(duration('DRAIN_MS'));
  // Not server.close(), which since Node.js 19 tears idle connections, and with them a request that is on its way.
  for (const server of servers) NetServer.prototype.close.call(server);
  await sleep(keptMs);
  process.exit(0);
});
