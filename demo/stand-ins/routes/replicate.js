'use strict';

// Replicate, after its HTTP API: a prediction is begun, and finished at once where the request prefers to wait, else to
// be asked for again, or read as server-sent events from an address of its own. Words of its own:
//
//   "fail"          the prediction fails              "picture"    a file instead of text
//   "later"         not even waiting finishes it      "cut"        its stream breaks after 5 events

const { textOf, piecesOf } = require('../provider-server.js');

const pixel = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
const created_at = '2025-10-09T08:53:20.000Z';

// What is asked for again is known by its id: nothing has to be kept.
const idOf = (known) => `p${Buffer.from(JSON.stringify(known)).toString('base64url')}`;
const knownAs = (id) => JSON.parse(Buffer.from(id.slice(1), 'base64url').toString());

function lastPrompt(body) {
  const { messages, prompt, text } = body.input ?? {};
  const said = messages?.at(-1)?.content ?? prompt ?? text ?? '';
  return typeof said === 'string' ? said : JSON.stringify(said);
}

function outputOf(prompt) {
  if (/picture/i.test(prompt)) return [`data:image/png;base64,${pixel}`];
  return piecesOf(textOf(prompt));
}

function prediction(known, status, base) {
  const { prompt, model, version } = known;
  const id = idOf(known);
  const urls = { get: `${base}/predictions/${id}`, cancel: `${base}/predictions/${id}/cancel` };
  // Files are not streamed.
  if (!/picture/i.test(prompt)) {
    urls.stream = `${/\bcut\b/i.test(prompt) ? base.replace('/v1', '/slow-5/cut-5/v1') : base}/streams/${id}`;
  }
  const begun = { id, model, version, input: { prompt }, logs: '', error: null, status, created_at, urls };
  if (status === 'failed') return { ...begun, output: null, error: `No luck with: ${prompt}`, metrics: {} };
  if (status !== 'succeeded') return { ...begun, output: null };
  const metrics = { predict_time: 0.5, input_token_count: 20, output_token_count: 12 };
  const output = outputOf(prompt);
  return { ...begun, output, metrics: /picture/i.test(prompt) ? { predict_time: 0.5 } : metrics };
}

const ending = (prompt) => (/\bfail\b/i.test(prompt) ? 'failed' : 'succeeded');

// The faults in front of the path go on into the addresses.
const baseOf = ({ url, headers }) => `http://${headers.host}${url.slice(0, url.indexOf('/v1') + 3)}`;

function begin(request) {
  const { body, match, headers } = request;
  const prompt = lastPrompt(body);
  const model = match[1] ?? 'acme/writer';
  const known = { prompt, model, version: body.version ?? 'v1' };
  const isWaited = headers.prefer !== undefined && !/\blater\b/i.test(prompt);
  return { status: 201, json: prediction(known, isWaited ? ending(prompt) : 'starting', baseOf(request)) };
}

function ask(request) {
  const known = knownAs(request.match[1]);
  return { json: prediction(known, ending(known.prompt), baseOf(request)) };
}

function cancel(request) {
  return { json: prediction(knownAs(request.match[1]), 'canceled', baseOf(request)) };
}

function stream({ match }) {
  const { prompt } = knownAs(match[1]);
  const event = (name, data) => `event: ${name}\nid: 1:0\ndata: ${data}\n\n`;
  if (/\bfail\b/i.test(prompt)) return { events: [event('error', `No luck with: ${prompt}`)] };
  return { events: [...piecesOf(textOf(prompt)).map((piece) => event('output', piece)), event('done', '{}')] };
}

const error = (status, detail) => ({ json: { title: 'A stand-in fault', detail, status } });
const shared = { prompt: lastPrompt, error };

exports.routes = [
  { path: /^\/v1\/predictions$/, answer: begin, ...shared },
  { path: /^\/v1\/(?:models|deployments)\/([^/]+\/[^/]+)\/predictions$/, answer: begin, ...shared },
  { path: /^\/v1\/predictions\/([^/]+)$/, method: 'GET', answer: ask, ...shared },
  { path: /^\/v1\/predictions\/([^/]+)\/cancel$/, answer: cancel, ...shared },
  { path: /^\/v1\/streams\/([^/]+)$/, method: 'GET', answer: stream, ...shared },
];
