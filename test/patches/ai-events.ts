import type { Expected } from './describe-patch';

/** The events of each of the calls in `ai-calls.mjs`. */
export type Table = Readonly<Record<string, readonly Expected[]>>;

const asked = { provider: 'openai', framework: 'vercel-ai', sdk: 'ai', operation: 'chat_completion', model: 'gpt-5' };
const counted = { input_tokens: 20, output_tokens: 12, total_tokens: 32, cached_input_tokens: 8, reasoning_tokens: 4 };
const served = { response_model: 'gpt-5-2025-01-01', request_id: 'req_standin', http_status: undefined };
const answered = {
  ...asked,
  ...counted,
  ...served,
  method: 'generateText',
  outcome: 'ok',
  streaming: false,
  time_to_first_token_ms: undefined,
  output: 'Hello from the stand-in.',
  finish_reason: 'stop',
};
const streamed = { ...answered, method: 'streamText', streaming: true, time_to_first_token_ms: expect.any(Number) };
const json = { output: '{"city":"Paris","celsius":18}', output_length: 29 };
const called = {
  output: undefined,
  finish_reason: 'tool_calls',
  tool_count: 1,
  tool_call_count: 2,
  tool_calls: [
    { name: 'get_weather', arguments: '{"city":"Paris"}' },
    { name: 'get_weather', arguments: '{"city":"Tokyo"}' },
  ],
};
const failed = {
  ...asked,
  method: 'generateText',
  outcome: 'error',
  output: undefined,
  output_tokens: undefined,
  error_type: 'APICallError',
};
const refused = (status: number): Expected => ({
  ...failed,
  http_status: status,
  request_id: 'req_standin',
  error: expect.stringContaining(`stand-in fault ${status}`),
});
const embedded = {
  ...asked,
  operation: 'embedding',
  method: 'embed',
  model: 'text-embedding-3',
  outcome: 'ok',
  input: 'hello',
  input_count: 1,
  input_tokens: 5,
  output: undefined,
};
const unembedded = { ...refused(500), operation: 'embedding', method: 'embed', model: 'text-embedding-3' };
const reranked = {
  ...asked,
  provider: 'together',
  operation: 'rerank',
  method: 'rerank',
  model: 'rerank-1',
  outcome: 'ok',
  input: 'hello',
};
/** The call of a vendor's SDK, made for a model. */
const below = {
  ...asked,
  provider: 'local',
  sdk: 'openai',
  method: 'chat.completions.create',
  outcome: 'ok',
  http_status: 200,
  request_id: 'req_standin',
};

/** One event for each call of a model, whatever made it. */
export const expected: Table = {
  generateText: [
    {
      ...answered,
      message_count: 2,
      input_length: 13,
      messages: [
        { role: 'system', content: 'Be nice.' },
        { role: 'user', content: 'hello' },
      ],
      temperature: 0.5,
      top_p: 0.9,
      max_tokens: 99,
      seed: 7,
      stop_sequence_count: 2,
      output_length: 24,
      latency_ms: expect.any(Number),
      response_id: 'chatcmpl-standin',
    },
  ],
  'generateText with messages': [
    {
      ...answered,
      message_count: 3,
      messages: [
        { role: 'user', content: expect.stringMatching(/^look\n\[image(\/png)?.*\]$/) },
        { role: 'assistant', content: 'I did.' },
        { role: 'user', content: 'hello' },
      ],
    },
  ],
  'generateText over Responses': [{ ...answered, response_id: 'resp_standin' }],
  'generateText with tools in two steps': [
    { ...answered, ...called, message_count: 1 },
    { ...answered, message_count: 3, tool_count: 1, tool_calls: undefined },
  ],
  'generateText with an output schema': [{ ...answered, ...json }],
  streamText: [streamed],
  'streamText read by consumeStream': [streamed],
  'streamText as a response': [streamed],
  'streamText with tools in two steps': [
    { ...streamed, ...called },
    { ...streamed, message_count: 3 },
  ],
  'streamText that thinks over Responses': [{ ...streamed, reasoning_tokens: 4 }],
  'streamText aborted': [
    {
      ...streamed,
      outcome: 'aborted',
      output: expect.stringMatching(/^lorem ip/),
      finish_reason: undefined,
      input_tokens: undefined,
      output_tokens: undefined,
      total_tokens: undefined,
      cached_input_tokens: undefined,
      reasoning_tokens: undefined,
    },
  ],
  'streamText cut in the middle': [
    {
      ...failed,
      method: 'streamText',
      streaming: true,
      output: expect.stringMatching(/^Hello fr/),
      finish_reason: undefined,
      input_tokens: undefined,
      time_to_first_token_ms: expect.any(Number),
    },
  ],
  'streamText refused': [{ ...refused(400), method: 'streamText', streaming: true }],
  generateObject: [{ ...answered, ...json, method: 'generateObject', temperature: 0, response_format: 'json' }],
  'generateObject that does not fit': [{ ...answered, method: 'generateObject' }],
  'generateObject refused': [{ ...refused(401), method: 'generateObject' }],
  streamObject: [{ ...streamed, ...json, method: 'streamObject' }],
  embed: [embedded],
  embedMany: [{ ...embedded, method: 'embedMany', input: 'one\ntwo', input_count: 2, input_length: 7 }],
  'embed refused': [{ ...unembedded, http_status: 400, error: expect.stringContaining('fault 400') }],
  generateImage: [
    { ...asked, operation: 'image_generation', method: 'generateImage', model: 'gpt-image-1', input: 'a cat' },
  ],
  generateSpeech: [{ ...asked, operation: 'speech', method: 'generateSpeech', model: 'tts-1', outcome: 'ok' }],
  transcribe: [{ ...asked, operation: 'transcription', method: 'transcribe', model: 'whisper-1', outcome: 'ok' }],
  rerank: [reranked],
  'rerank refused': [{ ...reranked, outcome: 'error', error: 'refused with 400', error_type: 'Error' }],
  'an agent in two steps': [{ ...answered, ...called }, answered],
  'an agent that streams': [streamed],
  'the answer 400': [refused(400)],
  'the answer 429, and the second try is well': [refused(429), answered],
  'the answer 500 to all tries': [refused(500), refused(500)],
  'an embedding whose second try is well': [{ ...unembedded, http_status: 429, error: expect.anything() }, embedded],
  'an embedding that fails twice': [unembedded, unembedded],
  'nobody listens': [{ ...failed, http_status: undefined, request_id: undefined }],
  'aborted before the answer': [{ ...failed, outcome: 'aborted', error_type: 'DOMException' }],
  'a rejection that nobody handles': [refused(400)],
  'several at once': [answered, { ...answered, ...json }, answered],
  'a wrapped model': [answered],
  'middleware that makes a call of its own': [
    { ...below, operation: 'embedding', method: 'embeddings.create', model: 'text-embedding-3' },
    answered,
  ],
  'a tool that makes a call of its own': [
    { ...answered, ...called },
    { ...below, framework: undefined },
    { ...below, framework: undefined },
  ],
  'a model of a registry': [answered],
  'a community provider on a vendor’s SDK': [{ ...below, ...counted, ...json }],
  'a community provider with names of its own': [{ ...below, ...counted }],
  'a community provider that streams': [{ ...below, streaming: true, output: 'Hello from the stand-in.' }],
  'a community provider that fails': [{ ...below, outcome: 'error', http_status: 400, error_type: 'BadRequestError' }],
  'a community provider that makes an object': [{ ...below, ...json }],
  'a model that throws at once': [
    { ...failed, provider: 'community', model: 'broken', error_type: 'TypeError', http_status: undefined },
  ],
  // Off, or without listeners, is what 5 and 6 are by default.
  'telemetry that is off': [answered],
  'telemetry with listeners of its own': [answered, embedded],
  'telemetry without content': [answered, streamed],
  'models look as they did': [answered],
};

const hidden = { ...answered, request_id: undefined, output: undefined, messages: undefined, message_count: undefined };

/** What the telemetry of 7 leaves out, and what it asks of those who listen. */
export const differences: Table = {
  // The stream itself is not told, only its end.
  streamObject: [{ ...streamed, ...json, method: 'streamObject', time_to_first_token_ms: undefined }],
  'an embedding whose second try is well': [
    embedded,
    { ...unembedded, http_status: undefined, request_id: undefined, error_type: undefined, error: undefined },
  ],
  'telemetry that is off': [],
  // Nobody tells where the code of this model runs.
  'a community provider that makes an object': [{ ...below, ...json, framework: undefined }],
  'telemetry without content': [hidden, { ...hidden, method: 'streamText', streaming: true }],
};

/** The models of 5 hand on their own word for a vendor's. */
function unified(events: readonly Expected[]): readonly Expected[] {
  return events.map((each) =>
    each['finish_reason'] === 'tool_calls' ? { ...each, finish_reason: 'tool-calls' } : each,
  );
}
/** Version 5 sorts nothing, and what it does with speech goes through no function that could be reached. */
const unlike5: Table = { generateSpeech: [], transcribe: [] };
export const expectedOf5: Table = Object.fromEntries(
  Object.entries(expected)
    .filter(([title]) => !title.startsWith('rerank'))
    .map(([title, events]) => [title, unlike5[title] ?? unified(events)]),
);
