import { chatCompletions } from '../../src/patches/shared/chat-completions';
import { expectFacts, fold, limits, text } from './expect-facts';

const head = { id: 'chatcmpl-1', model: 'gpt-4o-2024-08-06', object: 'chat.completion.chunk' };
const facts = { id: 'chatcmpl-1', model: 'gpt-4o-2024-08-06', finished: true };

/** A chunk with one piece of one choice. */
function piece(delta: object | null, rest: object = {}): object {
  return { ...head, choices: [{ index: 0, delta, finish_reason: null, ...rest }] };
}

function answer(message: object, finishReason = 'stop'): object {
  return { ...head, object: 'chat.completion', choices: [{ index: 0, message, finish_reason: finishReason }] };
}

describe('the answer of chat.completions.create', () => {
  it('is the same in a stream, with usage in a last chunk without choices', () => {
    const usage = {
      prompt_tokens: 100,
      completion_tokens: 20,
      total_tokens: 120,
      prompt_tokens_details: { cached_tokens: 64, cache_write_tokens: 8, audio_tokens: 3 },
      completion_tokens_details: { reasoning_tokens: 12, audio_tokens: 2 },
    };
    const whole = { ...answer({ role: 'assistant', content: 'Hello' }), usage, service_tier: 'default' };
    const chunks = [
      piece({ role: 'assistant', content: '', refusal: null }),
      piece({ content: 'Hel' }),
      piece({ content: 'lo' }),
      { ...piece({}, { finish_reason: 'stop' }), service_tier: 'default' },
      { ...head, choices: [], usage },
    ];
    expectFacts(
      chatCompletions,
      { whole, chunks },
      {
        ...facts,
        started: true,
        serviceTier: 'default',
        outputs: [{ text: text('Hello'), finishReason: 'stop' }],
        usage: {
          inputTokens: 100,
          outputTokens: 20,
          totalTokens: 120,
          cachedInputTokens: 64,
          cacheCreationInputTokens: 8,
          reasoningTokens: 12,
          audioInputTokens: 3,
          audioOutputTokens: 2,
        },
      },
    );
  });

  it('keeps several choices apart that arrive in turns', () => {
    const of = (index: number, delta: object, finish_reason: string | null = null): object => ({
      ...head,
      choices: [{ index, delta, finish_reason }],
    });
    const whole = {
      ...head,
      choices: [
        { index: 0, message: { content: 'one' }, finish_reason: 'stop' },
        { index: 1, message: { content: 'two' }, finish_reason: 'length' },
      ],
    };
    const chunks = [
      of(0, { content: 'o' }),
      of(1, { content: 't' }),
      of(0, { content: 'ne' }),
      of(1, { content: 'wo' }, 'length'),
      of(0, {}, 'stop'),
    ];
    const outputs = [
      { text: text('one'), finishReason: 'stop' },
      { text: text('two'), finishReason: 'length' },
    ];
    expectFacts(chatCompletions, { whole, chunks }, { ...facts, started: true, outputs });
  });

  it('is not finished where one of several choices has only begun after another one ended', () => {
    const first = { ...head, choices: [{ index: 0, delta: { content: 'one' }, finish_reason: 'stop' }] };
    const second = { ...head, choices: [{ index: 1, delta: { content: 't' }, finish_reason: null }] };
    expect(fold(chatCompletions, [first]).finished).toBe(true);
    expect(fold(chatCompletions, [first, second]).finished).toBe(false);
  });

  it('keeps parallel tool calls apart whose arguments arrive in turns', () => {
    const call = (index: number, rest: object): object => ({ tool_calls: [{ index, ...rest }] });
    const whole = answer(
      {
        content: null,
        tool_calls: [
          { id: 'a', type: 'function', function: { name: 'weather', arguments: '{"city":"Paris"}' } },
          { id: 'b', type: 'function', function: { name: 'time', arguments: '{"zone":"CET"}' } },
        ],
      },
      'tool_calls',
    );
    const chunks = [
      piece(call(0, { id: 'a', type: 'function', function: { name: 'weather', arguments: '' } })),
      piece(call(1, { id: 'b', type: 'function', function: { name: 'time', arguments: '{"zo' } })),
      piece(call(0, { function: { arguments: '{"city":' } })),
      piece(call(1, { function: { arguments: 'ne":"CET"}' } })),
      piece(call(0, { function: { arguments: '"Paris"}' } })),
      piece({}, { finish_reason: 'tool_calls' }),
    ];
    const toolCalls = [
      { index: 0, name: 'weather', arguments: text('{"city":"Paris"}') },
      { index: 1, name: 'time', arguments: text('{"zone":"CET"}') },
    ];
    const outputs = [{ toolCalls, finishReason: 'tool_calls' }];
    expectFacts(chatCompletions, { whole, chunks }, { ...facts, started: true, outputs });
  });

  it("takes the calls apart that Gemini's endpoint sends without an index", () => {
    const call = (name: string | undefined, json: string): object => ({
      tool_calls: [{ function: { ...(name && { name }), arguments: json } }],
    });
    const chunks = [piece(call('weather', '{"a":')), piece(call(undefined, '1}')), piece(call('time', '{}'))];
    expect(fold(chatCompletions, chunks).outputs?.[0]?.toolCalls).toEqual([
      { index: 0, name: 'weather', arguments: text('{"a":1}') },
      { index: 1, name: 'time', arguments: text('{}') },
    ]);
  });

  it('has custom tools, and the function calls of old models', () => {
    const custom = { index: 0, id: 'a', type: 'custom', custom: { name: 'sql', input: 'SELECT 1' } };
    const old = { name: 'weather', arguments: '{}' };
    expectFacts(
      chatCompletions,
      {
        whole: answer({ content: null, tool_calls: [custom] }, 'tool_calls'),
        chunks: [piece({ tool_calls: [custom] }), piece({}, { finish_reason: 'tool_calls' })],
      },
      {
        ...facts,
        started: true,
        outputs: [{ toolCalls: [{ index: 0, name: 'sql', arguments: text('SELECT 1') }], finishReason: 'tool_calls' }],
      },
    );
    expectFacts(
      chatCompletions,
      {
        whole: answer({ content: null, function_call: old }, 'function_call'),
        chunks: [
          piece({ function_call: { name: 'weather', arguments: '' } }),
          piece({ function_call: { arguments: '{}' } }),
          piece({}, { finish_reason: 'function_call' }),
        ],
      },
      {
        ...facts,
        started: true,
        outputs: [{ toolCalls: [{ index: 0, name: 'weather', arguments: text('{}') }], finishReason: 'function_call' }],
      },
    );
  });

  it.each([
    ['a refusal', { refusal: 'I can not' }, { refusal: ' do that' }, 'I can not do that'],
    [
      'the words of an audio answer',
      { audio: { id: 'a', transcript: 'Hi ' } },
      { audio: { transcript: 'you' } },
      'Hi you',
    ],
  ])('shows %s as output', (...[, first, second, expected]) => {
    const merged = 'refusal' in first ? { refusal: expected } : { audio: { transcript: expected } };
    expectFacts(
      chatCompletions,
      {
        whole: answer({ content: null, ...merged }),
        chunks: [piece(first), piece(second), piece({}, { finish_reason: 'stop' })],
      },
      { ...facts, started: true, outputs: [{ text: text(expected), finishReason: 'stop' }] },
    );
  });

  it.each(['reasoning_content', 'reasoning'])('does not show %s, but knows that it was generated', (field) => {
    expectFacts(
      chatCompletions,
      {
        whole: answer({ content: '4', [field]: 'two and two' }),
        chunks: [piece({ [field]: 'two and' }), piece({ content: '4' }), piece({}, { finish_reason: 'stop' })],
      },
      { ...facts, started: true, outputs: [{ text: text('4'), finishReason: 'stop' }] },
    );
    expect(fold(chatCompletions, [piece({ role: 'assistant' })]).started).toBeUndefined();
    expect(fold(chatCompletions, [piece({ [field]: 'two' })]).started).toBe(true);
  });

  it('leaves the thinking out of an answer in parts', () => {
    const content = [
      { type: 'thinking', thinking: [{ type: 'text', text: 'hm' }] },
      { type: 'text', text: 'four' },
    ];
    const { outputs } = chatCompletions.readResponse(answer({ content }) as never, limits);
    expect(outputs).toEqual([{ text: text('four'), finishReason: 'stop' }]);
  });

  it('survives what vendors leave out: no choices, an empty first chunk, a null delta, an empty choice', () => {
    const chunks = [
      { id: '', model: '', choices: [], prompt_filter_results: [] },
      { ...head },
      { ...head, choices: null },
      { ...head, choices: [null] },
      { ...head, choices: [{}] },
      piece(null),
      piece({ content: 'Hi' }),
      piece({}, { finish_reason: 'stop' }),
    ];
    const { outputs, model, id } = fold(chatCompletions, chunks);
    expect({ outputs, model, id }).toEqual({
      outputs: [{ text: text('Hi'), finishReason: 'stop' }],
      model: head.model,
      id: head.id,
    });
  });

  it('tells an error that comes with status 200, as OpenRouter sends it', () => {
    const error = { code: 502, message: 'Provider returned error' };
    const failure = { code: '502', message: text('Provider returned error') };
    expect(chatCompletions.readResponse({ error, user_id: 'u' } as never, limits)).toMatchObject({ failure });
    const inChoice = { ...head, choices: [{ index: 0, message: { content: 'x' }, finish_reason: 'error', error }] };
    expect(chatCompletions.readResponse(inChoice as never, limits)).toMatchObject({ failure });
  });
});

describe('usage, as vendors of the same wire format report it', () => {
  const usageOf = (usage: object): unknown => fold(chatCompletions, [{ ...head, choices: [], ...usage }]);

  it('is in x_groq at Groq', () => {
    const usage = { prompt_tokens: 7, completion_tokens: 3, total_tokens: 10 };
    expect(usageOf({ x_groq: { id: 'req', usage } })).toMatchObject({
      usage: { inputTokens: 7, outputTokens: 3, totalTokens: 10 },
    });
  });

  it('has the cache beside the total at DeepSeek', () => {
    const usage = { prompt_tokens: 9, completion_tokens: 1, prompt_cache_hit_tokens: 8, prompt_cache_miss_tokens: 1 };
    expect(usageOf({ usage })).toMatchObject({ usage: { inputTokens: 9, cachedInputTokens: 8 } });
  });

  it('has the cost at OpenRouter, and an object of costs at Perplexity', () => {
    expect(usageOf({ usage: { prompt_tokens: 1, cost: 0.0145476 } })).toMatchObject({ cost: 0.0145476 });
    const cost = { input_tokens_cost: 0.001, output_tokens_cost: 0.002, request_cost: 0.005, total_cost: 0.008 };
    expect(usageOf({ usage: { prompt_tokens: 1, cost } })).toMatchObject({ cost: 0.008 });
    expect(usageOf({ usage: { prompt_tokens: 1, cost: 0 } })).toMatchObject({ cost: 0 });
  });

  it('grows from chunk to chunk at Perplexity, and the last one holds', () => {
    const chunks = [1, 2, 5].map((count) => ({ ...piece({ content: 'x' }), usage: { completion_tokens: count } }));
    expect(fold(chatCompletions, chunks).usage).toEqual({ outputTokens: 5 });
  });

  it('counts reasoning beside the output at xAI (vercel/ai#12425), and within it everywhere else', () => {
    const details = { completion_tokens_details: { reasoning_tokens: 386 } };
    const xai = { prompt_tokens: 12, completion_tokens: 1, total_tokens: 399, ...details };
    expect(usageOf({ usage: xai })).toMatchObject({ usage: { outputTokens: 387, reasoningTokens: 386 } });
    const openai = { prompt_tokens: 12, completion_tokens: 387, total_tokens: 399, ...details };
    expect(usageOf({ usage: openai })).toMatchObject({ usage: { outputTokens: 387, reasoningTokens: 386 } });
  });

  it('is absent where none is reported, and the tier where it is only the one asked for', () => {
    expect(usageOf({ usage: null, service_tier: 'auto' })).toEqual({ id: head.id, model: head.model });
  });
});
