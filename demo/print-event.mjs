// One event as two lines of a terminal, at most 100 columns wide.

const isTerminal = process.stdout.isTTY && process.env.NO_COLOR === undefined;
const paint = (code, text) => (isTerminal ? `\u001b[${code}m${text}\u001b[0m` : text);
export const bold = (text) => paint('1', text);
export const dim = (text) => paint('2', text);
export const red = (text) => paint('31', text);
export const green = (text) => paint('32', text);

export function printHead() {
  const names = ['method'.padEnd(23), 'model'.padEnd(25), 'outcome'.padEnd(9), '        tokens', ' latency'];
  console.log(dim(`\n  ${names.join('  ')}`));
}

const colours = { ok: green, error: red };

export function printEvent({ event_properties: event }) {
  const tokens = [
    event.input_tokens === undefined ? '' : `${event.input_tokens} in`,
    event.output_tokens === undefined ? '' : `${event.output_tokens} out`,
  ];
  const columns = [
    event.method.padEnd(23),
    (event.response_model ?? event.model ?? '').slice(0, 25).padEnd(25),
    (colours[event.outcome] ?? bold)(event.outcome.padEnd(9)),
    `${tokens[0].padStart(6)} ${tokens[1].padStart(7)}`,
    `${Math.round(event.latency_ms)} ms`.padStart(8),
    event.streaming ? 'stream' : '',
  ];
  console.log(`  ${columns.join('  ')}`.trimEnd());
  console.log(dim(cut(`    ${contentOf(event)}`, 100)));
}

function contentOf(event) {
  const asked = event.messages?.at(-1)?.content ?? event.input;
  const tools = event.tool_calls?.map((call) => `${call.name}(${call.arguments ?? ''})`).join(' ');
  const failure = event.error_type && `${event.error_type} ${event.http_status ?? ''}`.trimEnd();
  const answer = failure ?? tools ?? (event.output === undefined ? undefined : oneLine(event.output));
  return [asked === undefined ? undefined : oneLine(asked), answer].filter((part) => part !== undefined).join(' -> ');
}

function oneLine(text) {
  return JSON.stringify(cut(text, 40));
}

function cut(text, length) {
  return text.length > length ? `${text.slice(0, length - 1)}…` : text;
}
