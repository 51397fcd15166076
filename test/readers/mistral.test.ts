import { completions } from '../../src/patches/mistral/completions';
import { embeddings, moderations } from '../../src/patches/mistral/inputs';
import type { MethodReader } from '../../src/types';
import { expectFacts, fold, limits, text } from './expect-facts';

const chat = completions('chat.stream', { streaming: true });
const parse = completions('chat.parse', { streaming: false, parses: true });
const fim = completions('fim.stream', { operation: 'text_completion', streaming: true });

const head = { id: 'cmpl_1', model: 'mistral-small' };
const usage = { promptTokens: 20, completionTokens: 12, totalTokens: 32 };
const counts = { inputTokens: 20, outputTokens: 12, totalTokens: 32 };

function chunk(delta: object, finishReason: string | null = null, more: object = {}, index = 0): object {
  return { data: { ...head, choices: [{ index, delta, finishReason }], ...more } };
}

function whole(message: object, finishReason: string, more: object = {}): object {
  return { ...head, choices: [{ index: 0, message, finishReason }], usage, ...more };
}

function call(name: string, given: unknown, index = 0): object {
  return { id: 'c', type: 'function', function: { name, arguments: given }, index };
}

describe('the answer of a chat', () => {
  it('is the same in a stream, in which the usage comes last', () => {
    const chunks = [
      chunk({ role: 'assistant', content: '' }),
      chunk({ content: 'Hel' }),
      chunk({ content: 'lo' }, 'stop', { usage }),
    ];
    expectFacts(
      chat,
      { whole: whole({ content: 'Hello', toolCalls: null }, 'stop'), chunks },
      {
        ...head,
        ...{ usage: counts, started: true, finished: true },
        outputs: [{ text: text('Hello'), finishReason: 'stop' }],
      },
    );
    expect(fold(chat, chunks.slice(0, 2)).finished).toBe(false);
  });

  it('leaves thinking out of the text, and knows that it was generated', () => {
    const thinking = { type: 'thinking', thinking: [{ type: 'text', text: 'hm' }] };
    const content = [thinking, { type: 'text', text: 'Four' }, { type: 'reference', referenceIds: [1] }];
    const chunks = [chunk({ content: [thinking] }), chunk({ content: [content[1], content[2]] }, 'stop', { usage })];
    expectFacts(
      chat,
      { whole: whole({ content }, 'stop'), chunks },
      {
        ...head,
        usage: counts,
        started: true,
        finished: true,
        outputs: [{ text: text('Four'), finishReason: 'stop' }],
      },
    );
    expect(fold(chat, chunks.slice(0, 1)).started).toBe(true);
  });

  it.each([
    ['counts them', [call('weather', '{"city":"Paris"}', 0), call('time', '{}', 1)]],
    // The SDK writes `index: 0` where the API says nothing.
    ['counts none', [call('weather', '{"city":"Paris"}'), call('time', '{}')]],
    ['has read their arguments', [call('weather', { city: 'Paris' }, 0), call('time', {}, 1)]],
  ])('keeps parallel tool calls apart where the SDK %s', (_how, toolCalls) => {
    const read = [
      { index: 0, name: 'weather', arguments: text('{"city":"Paris"}') },
      { index: 1, name: 'time', arguments: text('{}') },
    ];
    expectFacts(
      chat,
      {
        whole: whole({ content: '', toolCalls }, 'tool_calls'),
        chunks: [chunk({ content: '' }), chunk({ toolCalls }, 'tool_calls', { usage })],
      },
      {
        ...{ ...head, usage: counts, started: true, finished: true },
        outputs: [{ toolCalls: read, finishReason: 'tool_calls' }],
      },
    );
  });

  it('keeps the answers of n = 2 apart, and is finished with the last of them', () => {
    const chunks = [chunk({ content: 'a' }, 'stop'), chunk({ content: 'b' }, null, {}, 1)];
    expect(fold(chat, chunks)).toMatchObject({ finished: false });
    expect(fold(chat, [...chunks, chunk({ content: 'c' }, 'length', {}, 1)])).toMatchObject({
      finished: true,
      outputs: [
        { text: text('a'), finishReason: 'stop' },
        { text: text('bc'), finishReason: 'length' },
      ],
    });
  });

  it('that ends with an error is a failure', () => {
    expect(fold(chat, [chunk({ content: 'a' }, 'error')]).failure).toEqual({ code: 'error' });
  });
});

describe('usage', () => {
  it.each([
    ['beside the rest, as version 2 has it', { ...usage, prompt_tokens_details: { cached_tokens: 8 } }],
    ['apart, as version 1 has it', { ...usage, additionalProperties: { prompt_tokens_details: { cached_tokens: 8 } } }],
    ['under the older name', { ...usage, num_cached_tokens: 8 }],
    ['in camel case', { ...usage, promptTokensDetails: { cachedTokens: 8 } }],
  ])('has the cached tokens %s', (_how, given) => {
    const facts = chat.readResponse(whole({ content: 'a' }, 'stop', { usage: given }), limits);
    expect(facts.usage).toEqual({ ...counts, cachedInputTokens: 8 });
  });

  it('that the SDK has filled with zeros is none', () => {
    const zeros = { promptTokens: 0, completionTokens: 0, totalTokens: 0 };
    expect(chat.readResponse(whole({}, 'stop', { usage: zeros }), limits).usage).toBeUndefined();
  });

  it('of an embedding has no output', () => {
    const response = { ...head, data: [], usage: { promptTokens: 5, completionTokens: 0, totalTokens: 5 } };
    expect(embeddings.readResponse(response, limits)).toEqual({ ...head, usage: { inputTokens: 5, totalTokens: 5 } });
  });
});

describe('a request', () => {
  it('is read in camel case', () => {
    const given = {
      ...{ model: 'm', temperature: 0, topP: 0.5, maxTokens: 9, stop: ['a', 'b'], randomSeed: 7, tools: [{}, {}] },
      ...{ responseFormat: { type: 'json_object' }, reasoningEffort: 'high' },
      messages: [
        {
          role: 'user',
          content: [
            { type: 'text', text: 'See' },
            { type: 'image_url', imageUrl: 'data:image/png;base64,AAAA' },
          ],
        },
        { role: 'assistant', toolCalls: [call('weather', '{}')] },
        {
          role: 'user',
          content: [
            { type: 'input_audio', inputAudio: 'AAAA' },
            { type: 'document_url', documentUrl: 'x' },
          ],
        },
      ],
    };
    expect(chat.readRequest(given, limits)).toMatchObject({
      ...{ model: 'm', streaming: true, temperature: 0, topP: 0.5, maxTokens: 9, stopSequenceCount: 2, seed: 7 },
      ...{ toolCount: 2, responseFormat: 'json_object', reasoningEffort: 'high', messageCount: 3 },
      messages: [
        { role: 'user', content: { text: 'See\n[image/png 3 B]' } },
        { role: 'assistant', content: { text: '[tool_call weather]' } },
        { role: 'user', content: { text: '[audio 3 B]\n[document_url]' } },
      ],
    });
  });

  it('of parse has a schema, whose own type is none of a format', () => {
    const given = { model: 'm', messages: [], responseFormat: { type: 'object', parse: () => undefined } };
    expect(parse.readRequest(given, limits).responseFormat).toBe('json_schema');
    expect(parse.readRequest({ model: 'm', messages: [] }, limits).responseFormat).toBeUndefined();
  });

  it('of fim is its prompt', () => {
    expect(fim.readRequest({ model: 'm', prompt: 'const a =', suffix: ';' }, limits)).toMatchObject({
      input: text('const a ='),
      inputLength: 9,
    });
  });

  it('of a moderation is text, texts, a conversation or several', () => {
    const moderate = moderations('classifiers.moderate');
    const turn = { role: 'user', content: 'Hi' };
    expect(moderate.readRequest({ model: 'm', inputs: 'one' }, limits).input).toEqual(text('one'));
    expect(moderate.readRequest({ model: 'm', inputs: ['one', 'two'] }, limits).inputCount).toBe(2);
    expect(moderate.readRequest({ model: 'm', inputs: [turn] }, limits).messageCount).toBe(1);
    expect(moderate.readRequest({ model: 'm', inputs: [[turn], [turn]] }, limits)).toEqual({
      model: 'm',
      inputCount: 2,
    });
  });

  it('tells its signal in either place', () => {
    const { signal } = new AbortController();
    expect(chat.signalOf?.([{}, { signal }])).toBe(signal);
    expect(chat.signalOf?.([{}, { fetchOptions: { signal } }])).toBe(signal);
    expect(chat.signalOf?.([{}])).toBeUndefined();
  });
});

const oddValues = [null, undefined, 0, 'text', true, [], [null], [[]], {}, () => 1];
const fields = ['data', 'choices', 'usage', 'id', 'messages', 'inputs', 'prompt', 'tools', 'responseFormat'];
const odd = [...oddValues, ...fields.flatMap((field) => oddValues.map((value) => ({ [field]: value })))];

it.each<[string, MethodReader]>([
  ['chat', chat],
  ['parse', parse],
  ['fim', fim],
  ['embeddings', embeddings],
  ['moderations', moderations('classifiers.moderateChat')],
])('%s reads anything without throwing', (_name, reader) => {
  for (const value of odd) {
    expect(() => reader.readRequest(value, limits)).not.toThrow();
    expect(() => reader.readResponse(value, limits)).not.toThrow();
    expect(() => fold(reader, [value, { data: value }, { data: { choices: value } }])).not.toThrow();
    expect(() =>
      fold(reader, [{ data: { choices: [{ delta: { content: value, toolCalls: value } }] } }]),
    ).not.toThrow();
  }
});
