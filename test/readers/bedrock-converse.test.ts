import { converse, converseStream } from '../../src/patches/bedrock/converse';
import type { ResponseFacts } from '../../src/types';
import { expectFacts, fold, limits, text } from './expect-facts';
import { pixel } from './said';

const request = (input: object): unknown => ({ input });

/** The events of a block: what begins it, its pieces, its end. */
function block(contentBlockIndex: number, start: object | undefined, ...deltas: readonly object[]): object[] {
  return [
    ...(start ? [{ contentBlockStart: { contentBlockIndex, start } }] : []),
    ...deltas.map((delta) => ({ contentBlockDelta: { contentBlockIndex, delta } })),
    { contentBlockStop: { contentBlockIndex } },
  ];
}

function stream(blocks: readonly object[], stopReason: string, metadata: object): object[] {
  return [{ messageStart: { role: 'assistant' } }, ...blocks, { messageStop: { stopReason } }, { metadata }];
}

function answer(content: readonly object[], stopReason: string, metadata: object): object {
  return { output: { message: { role: 'assistant', content } }, stopReason, ...metadata };
}

const tokens = {
  inputTokens: 10,
  outputTokens: 15,
  totalTokens: 75,
  cacheReadInputTokens: 30,
  cacheWriteInputTokens: 20,
};
const metadata = { usage: tokens, metrics: { latencyMs: 9 } };
const usage = {
  inputTokens: 60,
  outputTokens: 15,
  totalTokens: 75,
  cachedInputTokens: 30,
  cacheCreationInputTokens: 20,
};

describe('the answer of Converse', () => {
  it('is the same in a stream, with cached tokens as a part of the input', () => {
    const reasoning = { reasoningContent: { reasoningText: { text: 'hm', signature: 's' } } };
    const whole = answer([reasoning, { text: 'Hello' }, { text: ' you' }], 'end_turn', metadata);
    const blocks = [
      ...block(0, undefined, { reasoningContent: { text: 'hm' } }, { reasoningContent: { signature: 's' } }),
      ...block(1, undefined, { text: 'Hel' }, { text: 'lo' }),
      ...block(2, undefined, { text: ' you' }),
    ];
    const chunks = stream(blocks, 'end_turn', metadata);
    const outputs = [{ text: text('Hello you'), finishReason: 'end_turn' }];
    expectFacts(converse, { whole, chunks }, { started: true, finished: true, usage, outputs });
    expect(fold(converse, chunks.slice(0, 1)).started).toBeUndefined();
    expect(fold(converse, chunks.slice(0, 2)).started).toBe(true);
    expect(fold(converse, chunks.slice(0, -2)).finished).toBeUndefined();
  });

  it('keeps parallel tool calls apart, also one that takes nothing', () => {
    const whole = answer(
      [
        { toolUse: { toolUseId: 'a', name: 'weather', input: { city: 'Paris' } } },
        { toolUse: { toolUseId: 'b', name: 'now', input: {} } },
      ],
      'tool_use',
      metadata,
    );
    const begin = (toolUseId: string, name: string): object => ({ toolUse: { toolUseId, name } });
    const piece = (input: string): object => ({ toolUse: { input } });
    const blocks = [
      ...block(0, begin('a', 'weather'), piece(''), piece('{"city":'), piece('"Paris"}')),
      ...block(1, begin('b', 'now')),
    ];
    const toolCalls = [
      { index: 0, name: 'weather', arguments: text('{"city":"Paris"}') },
      { index: 1, name: 'now', arguments: text('{}') },
    ];
    const outputs = [{ toolCalls, finishReason: 'tool_use' }];
    expectFacts(
      converse,
      { whole, chunks: stream(blocks, 'tool_use', metadata) },
      { started: true, finished: true, usage, outputs },
    );
  });

  it('names the model that a prompt router chose, and the tier that served', () => {
    const more = {
      ...metadata,
      trace: { promptRouter: { invokedModelId: 'arn:aws:bedrock:us-east-1::foundation-model/m' } },
      serviceTier: { type: 'flex' },
    };
    const facts: ResponseFacts = {
      ...{ started: true, finished: true, usage, outputs: [{ text: text('Hi'), finishReason: 'end_turn' }] },
      ...{ model: 'arn:aws:bedrock:us-east-1::foundation-model/m', serviceTier: 'flex' },
    };
    const chunks = stream(block(0, undefined, { text: 'Hi' }), 'end_turn', more);
    expectFacts(converse, { whole: answer([{ text: 'Hi' }], 'end_turn', more), chunks }, facts);
  });

  it('has what was said with its sources as text', () => {
    const cited = { citationsContent: { content: [{ text: 'It is.' }], citations: [] } };
    expect(converse.readResponse(answer([cited], 'end_turn', {}), limits).outputs).toEqual([
      { text: text('It is.'), finishReason: 'end_turn' },
    ]);
  });

  it('says no tokens where the service says none', () => {
    expect(converse.readResponse(answer([{ text: '' }], 'end_turn', {}), limits)).toEqual({
      finished: true,
      outputs: [{ finishReason: 'end_turn' }],
    });
  });
});

describe('the request of Converse', () => {
  it('is read from the input of its command', () => {
    const input = {
      modelId: 'us.amazon.nova-lite-v1:0',
      system: [{ text: 'Be brief.' }],
      messages: [
        { role: 'user', content: [{ text: 'Hello' }, { text: 'you' }] },
        { role: 'assistant', content: [{ text: 'Hi' }] },
      ],
      inferenceConfig: { maxTokens: 64, temperature: 0, topP: 0.9, stopSequences: ['a', 'b'] },
      toolConfig: { tools: [{ toolSpec: { name: 'weather' } }, { cachePoint: { type: 'default' } }] },
      outputConfig: { textFormat: { type: 'json_schema', structure: {} } },
    };
    expect(converse.readRequest(request(input), limits)).toEqual({
      model: 'us.amazon.nova-lite-v1:0',
      messages: [
        { role: 'user', content: text('Hello\nyou') },
        { role: 'assistant', content: text('Hi') },
      ],
      messageCount: 2,
      goesOn: true,
      inputLength: 10,
      toolCount: 1,
      temperature: 0,
      topP: 0.9,
      maxTokens: 64,
      stopSequenceCount: 2,
      responseFormat: 'json_schema',
    });
    expect(converseStream.readRequest(request(input), limits).streaming).toBe(true);
  });

  it.each([
    ['arn:aws:bedrock:us-east-1:000000000000:application-inference-profile/1arbu5hu2sjr'],
    ['arn:aws:bedrock:us-east-1:000000000000:prompt/ABCDEFGHIJ:1'],
  ])('keeps %s as it is', (modelId) => {
    expect(converse.readRequest(request({ modelId }), limits)).toMatchObject({ model: modelId });
  });

  const bytes = Buffer.from(pixel, 'base64');
  it.each([
    [{ text: 'Hello' }, 'Hello'],
    [{ image: { format: 'png', source: { bytes } } }, '[image/png 45 B]'],
    [{ image: { format: 'jpeg', source: { s3Location: { uri: 's3://secret/a.jpg' } } } }, '[image/jpeg]'],
    [{ document: { format: 'pdf', name: 'secret', source: { bytes } } }, '[document/pdf 45 B]'],
    [{ document: { format: 'txt', name: 'n', source: { text: 'What it says.' } } }, 'What it says.'],
    [{ document: { name: 'n', source: { content: [{ text: 'One.' }, { text: 'Two.' }] } } }, 'One.\nTwo.'],
    [{ video: { format: 'mp4', source: { bytes } } }, '[video/mp4 45 B]'],
    [{ audio: { source: {} } }, '[audio]'],
    [{ toolUse: { toolUseId: 't', name: 'weather', input: { city: 'Paris' } } }, '[tool_call weather]'],
    [{ toolResult: { toolUseId: 't', content: [{ text: '18 degrees' }] } }, '18 degrees'],
    [{ toolResult: { toolUseId: 't', content: [{ json: { celsius: 18 } }] } }, '{"celsius":18}'],
    [{ toolResult: { toolUseId: 't', content: [{ text: 'a' }, { text: 'b' }] } }, '[tool_result of 2 parts]'],
    [{ toolResult: { toolUseId: 't' } }, '[tool_result of 0 parts]'],
    [{ guardContent: { text: { text: 'Check this.' } } }, 'Check this.'],
    [{ citationsContent: { content: [{ text: 'It is.' }] } }, 'It is.'],
    [{ reasoningContent: { reasoningText: { text: 'secret' } } }, '[reasoningContent]'],
    [{ $unknown: ['hologram', 'secret'] }, '[hologram]'],
    [{ cachePoint: { type: 'default' } }, undefined],
    [{}, undefined],
    [null, undefined],
  ])('says the block %j in words', (part, said) => {
    const read = converse.readRequest(request({ messages: [{ role: 'user', content: [part] }] }), limits);
    expect(read.messages?.[0]?.content?.text).toBe(said);
  });
});

describe('what stands beside an answer', () => {
  const beside = { httpStatusCode: 200, requestId: 'req_1', attempts: 3, totalRetryDelay: 9 };

  it('is the status, the id of the request, and how often it was tried again', () => {
    const output = { output: {}, $metadata: beside };
    const told = { status: 200, requestId: 'req_1', retryCount: 2 };
    expect(converse.answerOf?.(output)).toEqual({ value: output, ...told });
    const events = { [Symbol.asyncIterator]: () => undefined };
    expect(converse.answerOf?.({ stream: events, $metadata: beside })).toEqual({ value: events, ...told });
  });

  it.each([undefined, null, 'text', {}, { $metadata: {} }])('is nothing in %j', (output) => {
    expect(converse.answerOf?.(output)).toEqual({ value: output });
  });
});
