import { countTokens, messages } from '../../src/patches/anthropic/messages';
import { expectFacts, fold, limits, text } from './expect-facts';

const head = { id: 'msg_1', type: 'message', role: 'assistant', model: 'claude-sonnet-5' };
const facts = { id: 'msg_1', model: 'claude-sonnet-5', finished: true };

const startUsage = {
  input_tokens: 10,
  cache_creation_input_tokens: 20,
  cache_read_input_tokens: 30,
  output_tokens: 2,
  service_tier: 'standard',
};

function start(usage: object = startUsage): object {
  return { type: 'message_start', message: { ...head, content: [], stop_reason: null, usage } };
}

/** A block as a stream sends it. */
function block(index: number, content_block: object, ...deltas: readonly object[]): object[] {
  return [
    { type: 'content_block_start', index, content_block },
    ...deltas.map((delta) => ({ type: 'content_block_delta', index, delta })),
    { type: 'content_block_stop', index },
  ];
}

function words(index: number, ...pieces: readonly string[]): object[] {
  return block(index, { type: 'text', text: '' }, ...pieces.map((piece) => ({ type: 'text_delta', text: piece })));
}

function toolUse(index: number, name: string, ...pieces: readonly string[]): object[] {
  const deltas = pieces.map((piece) => ({ type: 'input_json_delta', partial_json: piece }));
  return block(index, { type: 'tool_use', id: `t${index}`, name, input: {} }, ...deltas);
}

function end(stop_reason: string, usage: object = { output_tokens: 15 }): object[] {
  return [{ type: 'message_delta', delta: { stop_reason, stop_sequence: null }, usage }, { type: 'message_stop' }];
}

function message(
  content: readonly object[],
  stop_reason: string,
  usage: object = { ...startUsage, output_tokens: 15 },
): object {
  return { ...head, content, stop_reason, stop_sequence: null, usage };
}

const usage = { inputTokens: 60, outputTokens: 15, cachedInputTokens: 30, cacheCreationInputTokens: 20 };
const served = { ...facts, serviceTier: 'standard', usage };

describe('the answer of messages.create', () => {
  it('is the same in a stream, with cached tokens as a part of the input', () => {
    const thinking = [
      { type: 'thinking_delta', thinking: 'hm' },
      { type: 'signature_delta', signature: 's' },
    ];
    const whole = message(
      [
        { type: 'thinking', thinking: 'hm', signature: 's' },
        { type: 'text', text: 'Hello', citations: null },
        { type: 'text', text: ' you' },
      ],
      'end_turn',
    );
    const chunks = [
      start(),
      ...block(0, { type: 'thinking', thinking: '', signature: '' }, ...thinking),
      ...words(1, 'Hel', 'lo'),
      ...words(2, ' you'),
      ...end('end_turn'),
    ];
    const outputs = [{ text: text('Hello you'), finishReason: 'end_turn' }];
    expectFacts(messages, { whole, chunks }, { ...served, started: true, outputs });
    expect(fold(messages, chunks.slice(0, 2)).started).toBeUndefined();
    expect(fold(messages, chunks.slice(0, 3)).started).toBe(true);
  });

  it('knows that redacted thinking was generated', () => {
    const redacted = { type: 'redacted_thinking', data: 'AAAA' };
    const whole = message([redacted], 'end_turn');
    const chunks = [start(), ...block(0, redacted), ...end('end_turn')];
    expectFacts(messages, { whole, chunks }, { ...served, started: true, outputs: [{ finishReason: 'end_turn' }] });
  });

  it('keeps parallel tool calls apart whose input arrives in turns', () => {
    const whole = message(
      [
        { type: 'text', text: 'Both.' },
        { type: 'tool_use', id: 't1', name: 'weather', input: { city: 'Paris' } },
        { type: 'tool_use', id: 't2', name: 'time', input: {} },
      ],
      'tool_use',
    );
    const [startOne, firstHalf, secondHalf, stopOne] = toolUse(1, 'weather', '{"city":', '"Paris"}');
    const [startTwo, empty, stopTwo] = toolUse(2, 'time', '');
    const turns = [startOne, startTwo, firstHalf, empty, secondHalf, stopTwo, stopOne];
    const toolCalls = [
      { index: 1, name: 'weather', arguments: text('{"city":"Paris"}') },
      { index: 2, name: 'time', arguments: text('{}') },
    ];
    expectFacts(
      messages,
      { whole, chunks: [start(), ...words(0, 'Both.'), ...turns, ...end('tool_use')] },
      { ...served, started: true, outputs: [{ text: text('Both.'), toolCalls, finishReason: 'tool_use' }] },
    );
  });

  it('counts the tools that the provider runs, and not what they gave back', () => {
    const content = [
      { type: 'server_tool_use', id: 's', name: 'web_search', input: { query: 'x' } },
      { type: 'web_search_tool_result', tool_use_id: 's', content: [{ type: 'web_search_result', title: 'secret' }] },
      { type: 'mcp_tool_use', id: 'm', name: 'echo', server_name: 'e', input: { n: 1 } },
      { type: 'mcp_tool_result', tool_use_id: 'm', content: [{ type: 'text', text: 'secret' }] },
    ];
    const json = (partial_json: string): object => ({ type: 'input_json_delta', partial_json });
    const chunks = [
      start(),
      ...block(0, { ...content[0], input: {} }, json('{"query":"x"}')),
      ...block(1, content[1] as object),
      // Some servers send the input with the start of the block.
      ...block(2, content[2] as object),
      ...block(3, content[3] as object),
      ...end('pause_turn'),
    ];
    const toolCalls = [
      { index: 0, name: 'web_search', arguments: text('{"query":"x"}') },
      { index: 2, name: 'echo', arguments: text('{"n":1}') },
    ];
    const outputs = [{ toolCalls, finishReason: 'pause_turn' }];
    expectFacts(messages, { whole: message(content, 'pause_turn'), chunks }, { ...served, started: true, outputs });
  });

  it('says refusal as the finish reason, with the text that came before it', () => {
    const whole = message([{ type: 'text', text: 'Well' }], 'refusal');
    const outputs = [{ text: text('Well'), finishReason: 'refusal' }];
    const chunks = [start(), ...words(0, 'Well'), ...end('refusal')];
    expectFacts(messages, { whole, chunks }, { ...served, started: true, outputs });
  });

  it('names the model that went on where the first one declined', () => {
    const fallback = { type: 'fallback', from: { model: 'claude-sonnet-5' }, to: { model: 'claude-opus-5' } };
    const whole = message([fallback, { type: 'text', text: 'Hi' }], 'end_turn');
    const chunks = [start(), ...block(0, fallback), ...words(1, 'Hi'), ...end('end_turn')];
    const outputs = [{ text: text('Hi'), finishReason: 'end_turn' }];
    expectFacts(messages, { whole, chunks }, { ...served, model: 'claude-opus-5', started: true, outputs });
  });
});

describe('the usage of a message stream', () => {
  const usageAfter = (...deltas: readonly object[]): unknown =>
    fold(messages, [start(), ...deltas.map((each) => ({ type: 'message_delta', delta: {}, usage: each }))]).usage;

  it('reports no output tokens before message_delta: those of message_start are a placeholder', () => {
    expect(fold(messages, [start(), ...words(0, 'Hel')])).toEqual({
      ...served,
      finished: undefined,
      started: true,
      usage: { ...usage, outputTokens: undefined },
      outputs: [{ text: text('Hel') }],
    });
  });

  it('takes later figures, and lets those stand that are null or not repeated', () => {
    const nulls = { input_tokens: null, cache_creation_input_tokens: null, cache_read_input_tokens: null };
    expect(usageAfter({ ...nulls, output_tokens: 15 })).toEqual(usage);
    expect(usageAfter({ output_tokens: 5 }, { output_tokens: 15 })).toEqual(usage);
    expect(usageAfter({ input_tokens: 100, cache_read_input_tokens: 40, output_tokens: 15 })).toEqual({
      inputTokens: 160,
      outputTokens: 15,
      cachedInputTokens: 40,
      cacheCreationInputTokens: 20,
    });
    expect(usageAfter({ output_tokens: 15, output_tokens_details: { thinking_tokens: 7 } })).toEqual({
      ...usage,
      reasoningTokens: 7,
    });
  });

  it('survives a stream without message_start', () => {
    expect(fold(messages, [...words(0, 'Hi'), ...end('end_turn', { input_tokens: 3, output_tokens: 4 })])).toEqual({
      started: true,
      finished: true,
      usage: { inputTokens: 3, outputTokens: 4 },
      outputs: [{ text: text('Hi'), finishReason: 'end_turn' }],
    });
  });
});

it('reads a count of tokens as input and nothing else', () => {
  expect(countTokens.readResponse({ input_tokens: 14 }, limits)).toEqual({ usage: { inputTokens: 14 } });
});
