// Live mode: stands before Amplitude's real ingestion, so that the demo sees each event that was taken.

import { createServer } from 'node:http';
import { once } from 'node:events';

const targets = { US: 'https://api2.amplitude.com/2/httpapi', EU: 'https://api.eu.amplitude.com/2/httpapi' };

/** The same shape as the stand-in of Amplitude: `url`, `events`, `refused`, `close`. */
export async function forwardEvents({ onEvent }) {
  const { AMPLITUDE_SERVER_URL, AMPLITUDE_SERVER_ZONE } = process.env;
  const target = AMPLITUDE_SERVER_URL ?? targets[AMPLITUDE_SERVER_ZONE?.toUpperCase()] ?? targets.US;
  const events = [];
  const refused = [];

  async function forward(request, response) {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    const body = Buffer.concat(chunks);
    const answer = await fetch(target, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
    const text = await answer.text();
    response.writeHead(answer.status, { 'content-type': 'application/json' });
    response.end(text);
    const upload = JSON.parse(body.toString('utf8'));
    if (answer.ok) for (const event of upload.events) onEvent(event, events.push(event));
    else refused.push({ problem: `Amplitude answers ${answer.status}: ${text.slice(0, 200)}` });
  }

  const server = createServer((request, response) => {
    forward(request, response).catch((error) => {
      refused.push({ problem: `Amplitude can not be reached: ${error.cause?.message ?? error.message}` });
      response.destroy();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${server.address().port}/2/httpapi`,
    events,
    refused,
    close: () => new Promise((resolve) => server.close(resolve).closeAllConnections()),
  };
}
