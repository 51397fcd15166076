/**
 * Takes the bytes of a body of server-sent events, piece by piece, and gives the JSON of each event. Only for bodies
 * that an SDK parses out of our sight: everywhere else the SDK's own stream is watched.
 */
export function readServerEvents(onEvent: (event: unknown) => void): (bytes: unknown) => void {
  const decoder = new TextDecoder();
  let rest = '';
  let data = '';
  return function readBytes(bytes) {
    const piece = typeof bytes === 'string' ? bytes : decoder.decode(bytes as Uint8Array, { stream: true });
    rest += piece;
    // A long line comes in many pieces: it is looked at once, when it is whole.
    if (!/[\r\n]/.test(piece)) return;
    const lines = rest.split(/\r\n|\n|\r(?!$)/);
    rest = lines.pop() ?? '';
    for (const line of lines) readLine(line);
  };

  function readLine(line: string): void {
    if (line.startsWith('data:')) {
      data += data === '' ? line.slice(5) : `\n${line.slice(5)}`;
    } else if (line === '' && data !== '') {
      const whole = data.trim();
      data = '';
      if (whole !== '[DONE]') onEvent(JSON.parse(whole));
    }
  }
}
