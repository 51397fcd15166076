// Answers every request with the JSON that it was started with, and tells its port.
import { createServer } from 'node:http';

const headers = { 'content-type': 'application/json', 'x-request-id': 'req_bench' };
const server = createServer((request, response) => {
  request.resume().on('end', () => response.writeHead(200, headers).end(process.argv[2]));
});
// Connections are kept for the whole run.
server.keepAliveTimeout = 120_000;
server.listen(0, '127.0.0.1', () => process.send(server.address().port));
process.on('disconnect', () => process.exit());
