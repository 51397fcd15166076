import { languageModelCall } from '../../src/patches/ai/language-model';
import { embedding, generateImage, generateSpeech, rerank, transcribe } from '../../src/patches/ai/other-models';
import type { MethodReader } from '../../src/types';
import { expectFacts, fold, limits, text } from './expect-facts';

const whole = languageModelCall('generateText', false);
const stream = languageModelCall('streamText', true);

describe('a call of a language model', () => {
  const options = {
    prompt: [
      { role: 'system', content: 'Be nice.' },
      {
        role: 'user',
        content: [
          { type: 'text', text: 'Look' },
          { type: 'file', mediaType: 'image/png', data: 'AAAA' },
        ],
      },
      { role: 'assistant', content: [{ type: 'tool-call', toolCallId: '1', toolName: 'see', input: {} }] },
      { role: 'tool', content: [{ type: 'tool-result', toolName: 'see', output: { type: 'json', value: { a: 1 } } }] },
      { role: 'tool', content: [{ type: 'tool-result', toolName: 'see', output: { type: 'text', value: 'red' } }] },
    ],
    temperature: 0.5,
    topP: 0.9,
    maxOutputTokens: 10,
    stopSequences: ['x'],
    seed: 1,
    tools: [{ type: 'function', name: 'see' }],
    responseFormat: { type: 'json' },
    providerOptions: { openai: { reasoningEffort: 'low' } },
  };

  it('is read from what the model is given', () => {
    expect(whole.readRequest(options, limits, [options], { modelId: 'gpt-5' })).toEqual({
      model: 'gpt-5',
      streaming: false,
      messages: [
        { role: 'system', content: text('Be nice.') },
        { role: 'user', content: text('Look\n[image/png 3 B]') },
        { role: 'assistant', content: text('[tool_call see]') },
        { role: 'tool', content: text('{"a":1}') },
        { role: 'tool', content: text('red') },
      ],
      messageCount: 5,
      goesOn: true,
      inputLength: 12,
      toolCount: 1,
      temperature: 0.5,
      topP: 0.9,
      maxTokens: 10,
      stopSequenceCount: 1,
      seed: 1,
      responseFormat: 'json',
      reasoningEffort: 'low',
    });
  });

  it('is read from what telemetry tells, instructions first', () => {
    const messages = [{ role: 'user', content: 'Hi' }];
    const event = { modelId: 'gpt-5', instructions: 'Be nice.', messages, tools: { a: {}, b: {} }, reasoning: 'high' };
    expect(stream.readRequest(event, limits, [event], event)).toMatchObject({
      model: 'gpt-5',
      streaming: true,
      messages: [
        { role: 'system', content: text('Be nice.') },
        { role: 'user', content: text('Hi') },
      ],
      messageCount: 2,
      toolCount: 2,
      reasoningEffort: 'high',
    });
  });

  it('has no messages where the user does not want inputs recorded, and not none of them', () => {
    const event = { modelId: 'm', messages: [], recordInputs: false };
    expect(stream.readRequest(event, limits, [event], event)).toEqual({ model: 'm', streaming: true });
  });

  const usage = {
    inputTokens: { total: 20, noCache: 9, cacheRead: 8, cacheWrite: 3 },
    outputTokens: { total: 12, text: 8, reasoning: 4 },
  };
  const read = {
    inputTokens: 20,
    outputTokens: 12,
    totalTokens: undefined,
    cachedInputTokens: 8,
    cacheCreationInputTokens: 3,
    reasoningTokens: 4,
  };
  const identity = { id: 'r-1', modelId: 'gpt-5-2025' };
  const finishReason = { unified: 'stop', raw: 'end_turn' };

  it('with text and parallel tool calls is the same facts whole and in pieces', () => {
    const calls = [
      { type: 'tool-call', toolCallId: 'a', toolName: 'weather', input: '{"city":"Paris"}' },
      { type: 'tool-call', toolCallId: 'b', toolName: 'weather', input: '{"city":"Tokyo"}' },
    ];
    const answer = {
      content: [{ type: 'reasoning', text: 'hm' }, { type: 'text', text: 'Hello you' }, ...calls],
      finishReason,
      usage,
      response: identity,
    };
    const chunks = [
      { type: 'stream-start', warnings: [] },
      { type: 'response-metadata', ...identity },
      { type: 'reasoning-delta', id: '0', delta: 'hm' },
      { type: 'text-start', id: '1' },
      { type: 'text-delta', id: '1', delta: 'Hello ' },
      { type: 'text-delta', id: '1', delta: 'you' },
      { type: 'tool-input-start', id: 'a', toolName: 'weather' },
      { type: 'tool-input-start', id: 'b', toolName: 'weather' },
      { type: 'tool-input-delta', id: 'b', delta: '{"city":' },
      { type: 'tool-input-delta', id: 'a', delta: '{"city":"Paris"}' },
      ...calls,
      { type: 'finish', finishReason, usage },
    ];
    const outputs = [
      {
        text: text('Hello you'),
        toolCalls: [
          { index: 0, id: 'a', name: 'weather', arguments: text('{"city":"Paris"}') },
          { index: 1, id: 'b', name: 'weather', arguments: text('{"city":"Tokyo"}') },
        ],
        finishReason: 'end_turn',
      },
    ];
    const facts = { started: true, finished: true, id: 'r-1', model: 'gpt-5-2025', outputs, usage: read };
    expectFacts(stream, { whole: answer, chunks }, facts);
  });

  it('that breaks off keeps what has come of a tool call', () => {
    const facts = fold(stream, [
      { type: 'tool-input-start', id: 'a', toolName: 'weather' },
      { type: 'tool-input-delta', id: 'a', delta: '{"ci' },
    ]);
    expect(facts.outputs).toEqual([{ toolCalls: [{ index: 0, id: 'a', name: 'weather', arguments: text('{"ci') }] }]);
    expect(facts.finished).toBeUndefined();
  });

  it.each([[{ unified: 'other', raw: undefined }], ['unknown'], ['other'], [{ unified: 'error', raw: undefined }]])(
    'is not finished by %j, which the provider package says when a stream just ends',
    (reason) => {
      const facts = fold(stream, [
        { type: 'text-delta', delta: 'Hel' },
        { type: 'finish', finishReason: reason, usage },
      ]);
      expect(facts).toEqual({ started: true, outputs: [{ text: text('Hel') }], usage: read });
    },
  );

  it.each([
    ['a string', 'too much', { message: text('too much') }],
    [
      'an object',
      { type: 'server_error', code: 'busy', message: 'later' },
      { type: 'server_error', code: 'busy', message: text('later') },
    ],
    [
      'an error',
      Object.assign(new Error('no'), { name: 'AI_APICallError', statusCode: 529, data: { error: { code: 'busy' } } }),
      { type: 'AI_APICallError', code: 'busy', message: text('no'), status: 529 },
    ],
  ])('that fails in the middle says so: %s', (_title, error, failure) => {
    expect(fold(stream, [{ type: 'error', error }]).failure).toEqual({ ...failure });
  });

  it('has neither id nor model where `ai` made them up', () => {
    const told = { objectText: '{}', finishReason: 'stop', response: { id: 'aiobj-x', modelId: 'asked' } };
    expect(whole.readResponse(told, limits)).toEqual({
      started: true,
      finished: true,
      outputs: [{ text: text('{}'), finishReason: 'stop' }],
    });
  });
});

describe('odd shapes', () => {
  const readers: readonly MethodReader[] = [
    whole,
    stream,
    embedding('embed'),
    rerank,
    generateImage,
    generateSpeech,
    transcribe,
  ];
  const oddValues = [null, undefined, 0, 'text', true, [], [null], {}, () => 1];
  const fields = [
    ...['prompt', 'messages', 'promptMessages', 'instructions', 'tools', 'providerOptions', 'values', 'documents'],
    ...['content', 'usage', 'finishReason', 'response', 'providerMetadata', 'images', 'error', 'type', 'stream'],
  ];
  const odd = [...oddValues, ...fields.flatMap((field) => oddValues.map((value) => ({ [field]: value })))];
  const types = ['text', 'text-delta', 'tool-call', 'tool-input-delta', 'file', 'error', 'finish', 'response-metadata'];

  it.each(readers.map((reader) => [reader.method, reader] as const))('never make %s throw', (_method, reader) => {
    for (const value of odd) {
      expect(() => reader.readRequest(value, limits, [value], value)).not.toThrow();
      expect(() => reader.readResponse(value, limits)).not.toThrow();
      expect(() => reader.answerOf?.(value)).not.toThrow();
    }
  });

  it('never make a stream throw', () => {
    for (const type of types)
      expect(() => fold(stream, [{ type }, { type, id: null, delta: {}, error: null }])).not.toThrow();
    for (const value of odd) expect(() => fold(stream, [value])).not.toThrow();
    expect(fold(stream, [{ type: 'something.new', text: 'secret', delta: 'secret' }])).toEqual({});
  });
});
