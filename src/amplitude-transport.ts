/** analytics-node's own way from a reply to what its queue understands. */
export type BuildResponse = (json: Record<string, unknown>) => unknown;

/** Milliseconds after which a reply is not waited for any longer; the events are tried again. */
const requestTimeout = 10_000;

/**
 * A transport for analytics-node that never keeps the process alive. A request that does not reach the server counts
 * as a server error, which the queue tries again: analytics-node's own transport drops those events at once.
 */
export function unrefTransport(buildResponse: BuildResponse): { send(url: string, body: object): Promise<unknown> } {
  return {
    async send(url, body) {
      const { status, text } = await post(url, JSON.stringify(body));
      return buildResponse(parseReply(text) ?? { code: status });
    },
  };
}

function parseReply(text: string): Record<string, unknown> | undefined {
  try {
    const reply: unknown = JSON.parse(text);
    return typeof reply === 'object' && reply !== null && 'code' in reply ? { ...reply } : undefined;
  } catch {
    // A proxy's page, or nothing: the status line says enough.
    return undefined;
  }
}

function post(url: string, body: string): Promise<{ status: number; text: string }> {
  // Loaded with the first upload: it would be half of the time that loading this package takes.
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- see above
  const { request } = require(url.startsWith('https:') ? 'node:https' : 'node:http') as typeof import('node:https');
  return new Promise((resolve) => {
    const failed = (): void => resolve({ status: 503, text: '' });
    const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
    const sent = request(url, { method: 'POST', headers, timeout: requestTimeout }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => (text += chunk));
      response.on('end', () => resolve({ status: response.complete ? (response.statusCode ?? 503) : 503, text }));
      response.on('error', failed);
      response.on('aborted', failed);
    });
    sent.on('socket', (socket) => socket.unref());
    sent.on('timeout', () => sent.destroy());
    sent.on('error', failed);
    sent.end(body);
  });
}
