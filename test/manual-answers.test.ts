import * as ai5 from 'ai-v5';
import * as ai6 from 'ai-v6';
import { createLlmEvent, type LlmEventOptions } from '../src';
import type { Properties } from './support/observing';

/* eslint-disable @typescript-eslint/no-explicit-any -- two majors of one SDK under one test */

const own = ['trace_id', 'span_id', 'llm_trace_version', 'outcome', 'operation'];

/** What the event says of an answer. */
function said(response: unknown, options: LlmEventOptions = {}): Properties {
  const properties = Object.entries(createLlmEvent({ response }, options).event_properties);
  return Object.fromEntries(properties.filter(([name]) => !own.includes(name)));
}

const weather = { type: 'tool-call', toolCallId: 'call-1', toolName: 'weather', input: '{"city":"Oslo"}' };

/** A model of the AI SDK, which answers with these parts, and says its prompt again as providers do. */
function modelOf(specification: string, content: object[], reason: string): any {
  const isFlat = specification === 'v2';
  return {
    ...{ specificationVersion: specification, supportedUrls: {}, provider: 'acme', modelId: 'acme-1' },
    doGenerate: ({ prompt }: { prompt: unknown }) =>
      Promise.resolve({
        content,
        finishReason: isFlat ? reason : { unified: reason, raw: reason },
        usage: isFlat
          ? { inputTokens: 10, outputTokens: 5, totalTokens: 15, cachedInputTokens: 4 }
          : { inputTokens: { total: 10, cacheRead: 4 }, outputTokens: { total: 5 } },
        request: { body: JSON.stringify({ prompt }) },
        response: { id: 'answer-1', modelId: 'acme-1-0101' },
        warnings: [],
      }),
    doEmbed: () => Promise.resolve({ embeddings: [[0.1, 0.2]], usage: { tokens: 3 }, warnings: [] }),
    ...{ maxEmbeddingsPerCall: 10, supportsParallelCalls: true },
  };
}

const majors: [string, any, string][] = [
  ['ai 5', ai5, 'v2'],
  ['ai 6', ai6, 'v3'],
];

describe.each(majors)('a result of %s', (_name, ai, specification) => {
  const known = { response_model: 'acme-1-0101', response_id: 'answer-1', input_tokens: 10, output_tokens: 5 };

  beforeAll(() => {
    (globalThis as any).AI_SDK_LOG_WARNINGS = false;
    jest.spyOn(process, 'emitWarning').mockImplementation();
  });
  afterAll(() => jest.restoreAllMocks());

  function generate(content: object[], reason: string): Promise<unknown> {
    const tools = { weather: ai.tool({ inputSchema: ai.jsonSchema({ type: 'object' }) }) };
    return ai.generateText({ model: modelOf(specification, content, reason), prompt: 'canary', tools });
  }

  // `output` of ai 6 throws where none was asked for: once that cost everything else.
  it('says its text, model, id, tokens and finish reason', async () => {
    const result = await generate([{ type: 'text', text: 'Hello' }], 'length');
    const usage = { cached_input_tokens: 4, total_tokens: 15 };
    expect(said(result)).toEqual({ ...known, ...usage, output: 'Hello', output_length: 5, finish_reason: 'length' });
  });

  it('says which tools were called', async () => {
    const result = await generate([{ type: 'text', text: 'Wait.' }, weather], 'tool-calls');
    const toolCalls = { tool_call_count: 1, tool_calls: [{ name: 'weather', arguments: '{"city":"Oslo"}' }] };
    expect(said(result)).toMatchObject({ ...known, ...toolCalls, output: 'Wait.', finish_reason: 'tool-calls' });
    const { text, toolCalls: calls, finishReason, usage, response } = result as any;
    const copy = { text, toolCalls: calls, finishReason, usage, response };
    expect(said(copy)).toEqual(said(result));
  });

  it('of generateObject is the object, and never what was asked', async () => {
    const model = modelOf(specification, [{ type: 'text', text: '{"city":"Oslo"}' }], 'stop');
    const result = await ai.generateObject({ model, prompt: 'canary', schema: ai.jsonSchema({ type: 'object' }) });
    expect(said(result)).toMatchObject({ ...known, output: '{"city":"Oslo"}', finish_reason: 'stop' });
  });

  it('of embed and embedMany is tokens, and neither vectors nor what was embedded', async () => {
    const model = modelOf(specification, [], 'stop');
    const results = [await ai.embed({ model, value: 'canary' }), await ai.embedMany({ model, values: ['canary'] })];
    for (const result of results) expect(said(result)).toEqual({ input_tokens: 3, total_tokens: 3 });
  });

  // Each of its getters makes the stream flow, and gives a promise whose rejection is nobody's.
  it('of streamText is not read', async () => {
    const model = { ...modelOf(specification, [], 'stop'), doStream: () => Promise.reject(new Error('no')) };
    const read: PropertyKey[] = [];
    const result = ai.streamText({ model, prompt: 'canary', maxRetries: 0, onError: () => undefined });
    const get = (target: object, name: PropertyKey): unknown => (read.push(name), Reflect.get(target, name));
    expect(said(new Proxy(result, { get }))).toEqual({});
    expect(read).toEqual(['then']);
    await result.consumeStream();
  });
});

describe('an answer that says again what it was asked', () => {
  it.each<[string, object]>([
    [
      'a response that is queued',
      {
        id: 'resp_1',
        object: 'response',
        status: 'queued',
        instructions: 'canary',
        model: 'm',
        output: [],
        usage: null,
      },
    ],
    ['a response without an output', { object: 'response', instructions: 'canary', status: 'in_progress' }],
    ['a message of Anthropic without content', { type: 'message', content: [], system: 'canary' }],
    ['an object of its own', { answer: { mood: 'fine' }, input: { text: 'canary' }, request: { prompt: 'canary' } }],
    ['a list of such', [{ mood: 'fine', prompt: 'canary' }]],
    ['a prediction', { id: 'p-1', input: { prompt: 'canary' }, output: ['fi', 'ne'] }],
  ])('lets no prompt out where prompts stay: %s', (_what, response) => {
    expect(JSON.stringify(said(response, { includePrompts: false }))).not.toContain('canary');
    expect(JSON.stringify(createLlmEvent({ output: response }, { includePrompts: false }))).not.toContain('canary');
  });

  it('is otherwise the JSON that it is', () => {
    const answer = { mood: 'fine', prompt: 'how?' };
    expect(said(answer)).toMatchObject({ output: '{"mood":"fine","prompt":"how?"}' });
    expect(said(answer, { includePrompts: false })).toMatchObject({ output: '{"mood":"fine"}' });
  });
});
