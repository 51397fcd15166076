import { responses } from '../../src/patches/openai/responses';
import type { ResponseFacts } from '../../src/types';
import { expectFacts, fold, limits, text } from './expect-facts';

const head = { id: 'resp_1', object: 'response', model: 'gpt-5' };
const facts = { id: 'resp_1', model: 'gpt-5', finished: true };

function response(output: readonly object[], rest: object = {}): object {
  return { ...head, status: 'completed', error: null, incomplete_details: null, output, usage: null, ...rest };
}

function message(...content: readonly object[]): object {
  return { type: 'message', role: 'assistant', status: 'completed', content };
}

const begin = [
  { type: 'response.created', response: { ...head, status: 'in_progress', service_tier: 'auto', output: [] } },
  { type: 'response.in_progress', response: { ...head, status: 'in_progress', service_tier: 'auto', output: [] } },
];

function added(item: object, index = 0): object {
  return { type: 'response.output_item.added', output_index: index, item };
}

function done(item: object, index = 0): object {
  return { type: 'response.output_item.done', output_index: index, item };
}

function completed(whole: object): object {
  return { type: 'response.completed', response: whole };
}

function words(delta: string, index = 0): object {
  return { type: 'response.output_text.delta', output_index: index, content_index: 0, delta };
}

describe('the answer of responses.create', () => {
  it('is the same in a stream, with all of its usage and the tier that served it', () => {
    const usage = {
      input_tokens: 50,
      input_tokens_details: { cached_tokens: 32, cache_write_tokens: 4 },
      output_tokens: 30,
      output_tokens_details: { reasoning_tokens: 21 },
      total_tokens: 80,
      cost: 0.0000113,
    };
    const reasoning = { type: 'reasoning', id: 'rs', summary: [] };
    const whole = response([reasoning, message({ type: 'output_text', text: 'Hello' })], {
      usage,
      service_tier: 'flex',
    });
    const chunks = [
      ...begin,
      added(reasoning),
      { type: 'response.reasoning_summary_text.delta', output_index: 0, delta: 'thinking' },
      done(reasoning),
      added(message(), 1),
      { type: 'response.content_part.added', output_index: 1, part: { type: 'output_text', text: '' } },
      words('Hel', 1),
      words('lo', 1),
      { type: 'response.output_text.done', output_index: 1, text: 'Hello' },
      done(message({ type: 'output_text', text: 'Hello' }), 1),
      completed(whole),
    ];
    expectFacts(
      responses,
      { whole, chunks },
      {
        ...facts,
        started: true,
        serviceTier: 'flex',
        cost: 0.0000113,
        outputs: [{ text: text('Hello'), finishReason: 'completed' }],
        usage: {
          inputTokens: 50,
          outputTokens: 30,
          totalTokens: 80,
          cachedInputTokens: 32,
          cacheCreationInputTokens: 4,
          reasoningTokens: 21,
        },
      },
    );
    expect(fold(responses, chunks.slice(0, 3)).started).toBeUndefined();
    expect(fold(responses, chunks.slice(0, 4)).started).toBe(true);
  });

  it('shows a refusal, and the words of an audio answer', () => {
    const refusal = response([message({ type: 'refusal', refusal: 'I can not' })]);
    const refused = [...begin, { type: 'response.refusal.delta', output_index: 0, delta: 'I can not' }];
    const outputs = [{ text: text('I can not'), finishReason: 'completed' }];
    expectFacts(
      responses,
      { whole: refusal, chunks: [...refused, completed(refusal)] },
      { ...facts, started: true, outputs },
    );
    const spoken = [...begin, { type: 'response.audio.transcript.delta', delta: 'Hi' }];
    expect(fold(responses, spoken).outputs).toEqual([{ text: text('Hi') }]);
    const audio = response([message({ type: 'output_audio', data: 'AAAA', transcript: 'Hi' })]);
    expect(responses.readResponse(audio as never, limits).outputs?.[0]?.text).toEqual(text('Hi'));
  });

  it('keeps parallel calls apart: functions, custom tools, MCP, and tools of the provider', () => {
    const items = [
      { type: 'function_call', call_id: 'a', name: 'weather', arguments: '{"city":"Paris"}' },
      { type: 'custom_tool_call', call_id: 'b', name: 'sql', input: 'SELECT 1' },
      { type: 'mcp_call', id: 'c', name: 'search', server_label: 's', arguments: '{"q":1}', output: 'secret' },
      { type: 'web_search_call', id: 'd', status: 'completed', action: { type: 'search', query: 'x' } },
      { type: 'file_search_call', id: 'e', queries: ['y'], results: null },
      { type: 'code_interpreter_call', id: 'f', code: 'print(1)', outputs: [] },
      { type: 'mcp_list_tools', id: 'g', server_label: 's', tools: [{ name: 'search' }] },
      { type: 'function_call_output', call_id: 'a', output: 'sunny' },
    ];
    const whole = response(items);
    const chunks = [
      ...begin,
      added({ ...items[0], arguments: '' }, 0),
      added({ ...items[1], input: '' }, 1),
      { type: 'response.function_call_arguments.delta', output_index: 0, delta: '{"city":' },
      { type: 'response.custom_tool_call_input.delta', output_index: 1, delta: 'SELECT' },
      { type: 'response.function_call_arguments.delta', output_index: 0, delta: '"Paris"}' },
      { type: 'response.custom_tool_call_input.delta', output_index: 1, delta: ' 1' },
      done(items[0] as object, 0),
      done(items[1] as object, 1),
      added({ ...items[2], arguments: '' }, 2),
      { type: 'response.mcp_call_arguments.delta', output_index: 2, delta: '{"q":1}' },
      { type: 'response.mcp_call_arguments.done', output_index: 2, arguments: '{"q":1}' },
      done(items[2] as object, 2),
      added({ type: 'web_search_call', id: 'd', status: 'in_progress', action: {} }, 3),
      { type: 'response.web_search_call.searching', output_index: 3 },
      ...items.slice(3).map((item, position) => done(item, position + 3)),
    ];
    const outputs = [
      {
        finishReason: 'completed',
        toolCalls: [
          { index: 0, name: 'weather', arguments: text('{"city":"Paris"}') },
          { index: 1, name: 'sql', arguments: text('SELECT 1') },
          { index: 2, name: 'search', arguments: text('{"q":1}') },
          { index: 3, name: 'web_search', arguments: text('{"type":"search","query":"x"}') },
          { index: 4, name: 'file_search', arguments: text('["y"]') },
          { index: 5, name: 'code_interpreter', arguments: text('print(1)') },
        ],
      },
    ];
    expectFacts(responses, { whole, chunks: [...chunks, completed(whole)] }, { ...facts, started: true, outputs });
    // The same calls where the connection breaks before the end.
    expect(fold(responses, chunks).outputs?.[0]?.toolCalls).toEqual(outputs[0]?.toolCalls);
    expect(fold(responses, chunks).finished).toBeUndefined();
  });

  it('says why it is incomplete', () => {
    const whole = response([message({ type: 'output_text', text: 'Hel' })], {
      status: 'incomplete',
      incomplete_details: { reason: 'max_output_tokens' },
    });
    const chunks = [...begin, words('Hel'), { type: 'response.incomplete', response: whole }];
    const outputs = [{ text: text('Hel'), finishReason: 'max_output_tokens' }];
    expectFacts(responses, { whole, chunks }, { ...facts, started: true, outputs });
  });

  it('tells a failure that comes with status 200', () => {
    const error = { code: 'server_error', message: 'The model failed' };
    const whole = response([], { status: 'failed', error });
    const chunks = [...begin, { type: 'response.failed', response: whole }];
    const failure = { code: 'server_error', message: text('The model failed') };
    expectFacts(responses, { whole, chunks }, { ...facts, failure, outputs: [{ finishReason: 'failed' }] });
  });

  it('tells an error event, and keeps what came before it', () => {
    const chunks = [
      ...begin,
      words('Hel'),
      { type: 'error', code: 'rate_limit_exceeded', message: 'Slow down', param: null },
    ];
    expect(fold(responses, chunks)).toEqual({
      ...facts,
      started: true,
      outputs: [{ text: text('Hel') }],
      failure: { code: 'rate_limit_exceeded', message: text('Slow down') },
    });
  });

  it('keeps the pieces where the last event has no output, or is missing', () => {
    const call = { type: 'function_call', name: 'weather', arguments: '' };
    const pieces = [
      ...begin,
      words('Hello'),
      added(call, 1),
      { type: 'response.function_call_arguments.delta', output_index: 1, delta: '{}' },
    ];
    const output = { text: text('Hello'), toolCalls: [{ index: 1, name: 'weather', arguments: text('{}') }] };
    const ended = fold(responses, [...pieces, completed(response([]))]);
    expect(ended).toEqual({ ...facts, started: true, outputs: [{ ...output, finishReason: 'completed' }] });
    const broken = fold(responses, pieces);
    expect(broken).toEqual({ ...facts, finished: undefined, started: true, outputs: [output] });
    expect(fold(responses, [...pieces, { type: 'response.completed' }]).finished).toBe(true);
  });

  it('has no finish reason and no tier while it waits in the background', () => {
    const whole = response([], { status: 'queued', service_tier: 'auto' });
    const read: ResponseFacts = responses.readResponse(whole as never, limits);
    expect(read).toEqual({ ...facts, outputs: [{}] });
    expect(fold(responses, [{ type: 'response.queued', response: whole }])).toEqual({ ...facts, finished: undefined });
  });
});
