import * as v1 from '../../src/patches/cohere/chat-v1';
import * as v2 from '../../src/patches/cohere/chat-v2';
import { embed, rerank } from '../../src/patches/cohere/inputs';
import { answerOf } from '../../src/patches/cohere/usage';
import type { MethodReader } from '../../src/types';
import { expectFacts, fold, limits, text } from './expect-facts';

const chat = v2.chat('v2.chatStream', true);
const oldChat = v1.chat('chatStream', true);
const generate = v1.generate('generateStream', true);

const usage = {
  billedUnits: { inputTokens: 5, outputTokens: 9 },
  tokens: { inputTokens: 20, outputTokens: 12 },
  cachedTokens: 8,
};
const billed = { billedInputTokens: 5, billedOutputTokens: 9 };
const counts = { inputTokens: 20, outputTokens: 12, cachedInputTokens: 8, ...billed };

function event(type: string, message: object, index?: number): object {
  return { type, index, delta: { message } };
}

function end(finishReason: string, more: object = {}): object {
  return { type: 'message-end', delta: { finishReason, usage, ...more } };
}

const begun = { type: 'message-start', id: 'chat_1', delta: { message: { role: 'assistant', content: [] } } };

describe('the answer of a chat of version 2', () => {
  it('is the same in a stream, in which what is thought is no text', () => {
    const chunks = [
      begun,
      event('content-start', { content: { type: 'thinking', thinking: '' } }, 0),
      event('content-delta', { content: { thinking: 'hm' } }, 0),
      { type: 'content-end', index: 0 },
      event('content-start', { content: { type: 'text', text: '' } }, 1),
      event('content-delta', { content: { text: 'Hel' } }, 1),
      event('content-delta', { content: { text: 'lo' } }, 1),
      { type: 'content-end', index: 1 },
      { type: 'citation-start', index: 0, delta: { message: { citations: { text: 'secret' } } } },
      end('COMPLETE'),
    ];
    const content = [
      { type: 'thinking', thinking: 'hm' },
      { type: 'text', text: 'Hello' },
    ];
    expectFacts(
      chat,
      { whole: { id: 'chat_1', message: { content }, finishReason: 'COMPLETE', usage }, chunks },
      {
        ...{ id: 'chat_1', usage: counts, started: true, finished: true },
        outputs: [{ text: text('Hello'), finishReason: 'COMPLETE' }],
      },
    );
    expect(fold(chat, chunks.slice(0, 2)).started).toBeUndefined();
    expect(fold(chat, chunks.slice(0, 3)).started).toBe(true);
    expect(fold(chat, chunks.slice(0, -1)).finished).toBeUndefined();
  });

  // 7.14 leaves some names as they came.
  it.each(['toolCalls', 'tool_calls'])('keeps parallel tool calls apart that are called %s', (name) => {
    const call = (given: string, called?: string): object => ({
      [name]: { function: { name: called, arguments: given } },
    });
    const chunks = [
      begun,
      event('tool-plan-delta', { toolPlan: 'I will look.' }),
      event('tool-call-start', call('', 'weather'), 0),
      event('tool-call-start', call('', 'time'), 1),
      event('tool-call-delta', call('{"city":'), 0),
      event('tool-call-delta', call('{}'), 1),
      event('tool-call-delta', call('"Paris"}'), 0),
      end('TOOL_CALL'),
    ];
    const calls = [
      { function: { name: 'weather', arguments: '{"city":"Paris"}' } },
      { function: { name: 'time', arguments: '{}' } },
    ];
    const message = { toolPlan: 'I will look.', [name]: calls };
    const toolCalls = [
      { index: 0, name: 'weather', arguments: text('{"city":"Paris"}') },
      { index: 1, name: 'time', arguments: text('{}') },
    ];
    expectFacts(
      chat,
      { whole: { id: 'chat_1', message, finishReason: 'TOOL_CALL', usage }, chunks },
      {
        ...{ id: 'chat_1', usage: counts, started: true, finished: true },
        outputs: [{ toolCalls, finishReason: 'TOOL_CALL' }],
      },
    );
  });

  it('that ends with an error is a failure', () => {
    const facts = fold(chat, [begun, end('ERROR', { error: 'overloaded' })]);
    expect(facts.failure).toEqual({ code: 'ERROR', message: text('overloaded') });
  });
});

describe('the answer of version 1', () => {
  it('is the same in a stream, whose last event has it once more', () => {
    const response = {
      ...{ text: 'Hello', generationId: 'g_1', finishReason: 'COMPLETE', meta: usage },
      chatHistory: [{ role: 'USER', message: 'secret' }],
    };
    const chunks = [
      { eventType: 'stream-start', generationId: 'g_1' },
      { eventType: 'search-queries-generation', searchQueries: [{ text: 'secret' }] },
      { eventType: 'text-generation', text: 'Hel' },
      { eventType: 'text-generation', text: 'lo' },
      { eventType: 'stream-end', finishReason: 'COMPLETE', response },
    ];
    expectFacts(
      oldChat,
      { whole: response, chunks },
      {
        ...{ id: 'g_1', usage: counts, started: true, finished: true },
        outputs: [{ text: text('Hello'), finishReason: 'COMPLETE' }],
      },
    );
  });

  it('has its tool calls once, though they come twice', () => {
    const toolCalls = [
      { name: 'weather', parameters: { city: 'Paris' } },
      { name: 'time', parameters: {} },
    ];
    const response = { text: 'I will look.', generationId: 'g_1', finishReason: 'COMPLETE', toolCalls, meta: usage };
    const chunks = [
      { eventType: 'stream-start', generationId: 'g_1' },
      { eventType: 'tool-calls-chunk', text: 'I will look.' },
      { eventType: 'tool-calls-generation', text: 'I will look.', toolCalls },
      { eventType: 'stream-end', finishReason: 'COMPLETE', response },
    ];
    const read = [
      { index: 0, name: 'weather', arguments: text('{"city":"Paris"}') },
      { index: 1, name: 'time', arguments: text('{}') },
    ];
    expectFacts(
      oldChat,
      { whole: response, chunks },
      {
        ...{ id: 'g_1', usage: counts, started: true, finished: true },
        outputs: [{ text: text('I will look.'), toolCalls: read, finishReason: 'COMPLETE' }],
      },
    );
  });

  it('of generate is the same in a stream, with what is billed where nothing else is told', () => {
    const generations = [
      { id: 'a', text: 'Hello', finishReason: 'COMPLETE' },
      { id: 'b', text: 'Hi', finishReason: 'MAX_TOKENS' },
    ];
    const response = { id: 'gen_1', generations, prompt: 'secret', meta: { billedUnits: usage.billedUnits } };
    const chunks = [
      { eventType: 'text-generation', index: 0, text: 'Hello' },
      { eventType: 'text-generation', index: 1, text: 'Hi' },
      { eventType: 'stream-end', finishReason: 'COMPLETE', response },
    ];
    expectFacts(
      generate,
      { whole: response, chunks },
      {
        ...{ id: 'gen_1', usage: { inputTokens: 5, outputTokens: 9, ...billed }, started: true, finished: true },
        outputs: [
          { text: text('Hello'), finishReason: 'COMPLETE' },
          { text: text('Hi'), finishReason: 'MAX_TOKENS' },
        ],
      },
    );
    expect(fold(generate, [{ eventType: 'stream-error', finishReason: 'ERROR', err: 'no' }]).failure).toEqual({
      code: 'ERROR',
      message: text('no'),
    });
  });
});

describe('a result', () => {
  it('is taken apart where the response is beside the answer', () => {
    const headers = new Headers({ 'x-debug-trace-id': 'trace_1' });
    const data = { id: 'a' };
    expect(answerOf({ data, rawResponse: { status: 200, headers } })).toEqual({
      ...{ value: data, status: 200, headers, requestId: 'trace_1' },
    });
  });

  it.each([[undefined], [null], ['text'], [{ data: 1 }], [{ data: 1, rawResponse: {} }]])(
    '%p is the answer itself',
    (result) => expect(answerOf(result)).toEqual({ value: result }),
  );

  it('of rerank has searches and no tokens', () => {
    const meta = { billedUnits: { searchUnits: 1 } };
    expect(rerank('rerank').readResponse({ id: 'r_1', meta }, limits)).toEqual({ id: 'r_1' });
  });
});

const oddValues = [null, undefined, 0, 'text', true, [], [null], [[]], {}, () => 1];
const fields = [
  'message',
  'messages',
  'delta',
  'usage',
  'meta',
  'response',
  'generations',
  'texts',
  'inputs',
  'chatHistory',
];
const types = [
  'message-start',
  'content-delta',
  'tool-call-start',
  'message-end',
  'stream-end',
  'tool-calls-generation',
];

it.each<[string, MethodReader]>([
  ['chat of version 2', chat],
  ['chat of version 1', oldChat],
  ['generate', generate],
  ['embed', embed('embed')],
  ['rerank', rerank('rerank')],
])('%s reads anything without throwing', (_name, reader) => {
  for (const value of oddValues) {
    for (const given of [value, ...fields.map((field) => ({ [field]: value }))]) {
      expect(() => reader.readRequest(given, limits)).not.toThrow();
      expect(() => reader.readResponse(given, limits)).not.toThrow();
      const events = types.map((type) => ({ ...Object(given), type, eventType: type }));
      expect(() => fold(reader, [given, ...events])).not.toThrow();
    }
  }
});
