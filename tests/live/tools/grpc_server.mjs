// A gRPC server with one method, on plain HTTP/2: it shows the caller's token to the provider and
// tells who that is.
//
//   node grpc_server.mjs http://127.0.0.1:1234/echo
//
// The first line on standard output is where it listens. It ends when its standard input closes.

import { createServer } from 'node:http2';

const [, , echo] = process.argv;

// A message of gRPC: not compressed, its length, and one text as field 1 of a protobuf message.
function message(text) {
  const body = Buffer.from(text);
  const field = Buffer.concat([Buffer.from([0x0a, body.length]), body]);
  const head = Buffer.alloc(5);
  head.writeUInt32BE(field.length, 1);
  return Buffer.concat([head, field]);
}

async function caller(authorization) {
  if (authorization === undefined) {
    return undefined;
  }
  const answer = await fetch(echo, { headers: { authorization } });
  return answer.ok ? answer.json() : undefined;
}

const server = createServer();
server.on('stream', async (stream, headers) => {
  stream.resume();
  const known = await caller(headers.authorization);
  const [status, text] = known === undefined
    ? ['16', undefined]
    : ['0', `${known.name} ${headers[':path']}`];
  stream.respond(
    { ':status': 200, 'content-type': 'application/grpc' },
    { waitForTrailers: true },
  );
  stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': status }));
  stream.end(text === undefined ? undefined : message(text));
});
server.listen(0, '127.0.0.1', () => {
  process.stdout.write(`http://127.0.0.1:${server.address().port}\n`);
});

process.stdin.on('close', () => process.exit(0));
process.stdin.resume();
