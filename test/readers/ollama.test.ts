import { ollama as patch } from '../../src/patches/ollama';
import { chat, generate } from '../../src/patches/ollama/answers';
import { embed, embeddings } from '../../src/patches/ollama/embeddings';
import { systemone } from '../../src/patches/ollama/systemone';
import { expectFacts, fold, limits, text } from './expect-facts';
import { expectTolerant, expectToReadAround } from './expect-tolerant';

/* eslint-disable @typescript-eslint/no-explicit-any -- what is on the wire, and what is not in the types of the SDK */

const head = { model: 'llama3.2', created_at: '2025-10-09T08:53:20Z' };
const end = { done: true, done_reason: 'stop', prompt_eval_count: 20, eval_count: 12, total_duration: 9 };
const ended = {
  model: 'llama3.2',
  finished: true,
  usage: { inputTokens: 20, outputTokens: 12, totalTokens: 32 },
};
const piece = (message: object): object => ({
  ...head,
  message: { role: 'assistant', content: '', ...message },
  done: false,
});
const last = { ...head, message: { role: 'assistant', content: '' }, ...end };
const ask = (request: object): ReturnType<typeof chat.readRequest> => chat.readRequest(request as any, limits);

describe('the answer of chat', () => {
  it('is the same in a stream', () => {
    expectFacts(
      chat,
      {
        whole: { ...head, message: { role: 'assistant', content: 'Hello there' }, ...end },
        chunks: [piece({ content: 'Hello' }), piece({ content: ' there' }), last],
      },
      { ...ended, started: true, outputs: [{ text: text('Hello there'), finishReason: 'stop' }] },
    );
  });

  it('has the calls of tools, which come whole and are counted 0 by some servers', () => {
    const of = (index: number | undefined, city: string): object => ({
      function: { ...(index !== undefined && { index }), name: 'get_weather', arguments: { city } },
    });
    const paris = { index: 0, name: 'get_weather', arguments: text('{"city":"Paris"}') };
    const tokyo = { index: 1, name: 'get_weather', arguments: text('{"city":"Tokyo"}') };
    for (const calls of [
      [of(0, 'Paris'), of(0, 'Tokyo')],
      [of(undefined, 'Paris'), of(1, 'Tokyo')],
      [of(undefined, 'Paris'), of(undefined, 'Tokyo')],
    ]) {
      expectFacts(
        chat,
        {
          whole: { ...head, message: { role: 'assistant', content: '', tool_calls: calls }, ...end },
          chunks: [piece({ tool_calls: calls.slice(0, 1) }), piece({ tool_calls: calls.slice(1) }), last],
        },
        { ...ended, started: true, outputs: [{ toolCalls: [paris, tokyo], finishReason: 'stop' }] },
      );
    }
  });

  it('has begun with the first thought, which is no output', () => {
    expect(fold(chat, [piece({ thinking: 'Hm' })])).toEqual({ model: 'llama3.2', started: true, outputs: [{}] });
    expectFacts(
      chat,
      {
        whole: { ...head, message: { role: 'assistant', content: 'Yes', thinking: 'Hm' }, ...end },
        chunks: [piece({ thinking: 'Hm' }), piece({ content: 'Yes' }), last],
      },
      { ...ended, started: true, outputs: [{ text: text('Yes'), finishReason: 'stop' }] },
    );
  });

  it('has no total where a server leaves out what it had in memory', () => {
    const { usage } = fold(chat, [{ ...last, prompt_eval_count: undefined }]);
    expect(usage).toEqual({ inputTokens: undefined, outputTokens: 12, totalTokens: undefined });
  });

  it('is not finished before the server says so', () => {
    expect(fold(chat, [piece({ content: 'Hello' })]).finished).toBeUndefined();
  });
});

describe('the request of chat', () => {
  it('has its parameters in options', () => {
    const facts = ask({
      model: 'llama3.2',
      messages: [{ role: 'user', content: 'hello' }],
      stream: true,
      format: { type: 'object' },
      think: 'high',
      tools: [{}, {}],
      options: { temperature: 0, top_p: 0.9, num_predict: 64, stop: ['a', 'b'], seed: 42 },
    });
    expect(facts).toEqual({
      model: 'llama3.2',
      streaming: true,
      messages: [{ role: 'user', content: text('hello') }],
      messageCount: 1,
      inputLength: 5,
      toolCount: 2,
      temperature: 0,
      topP: 0.9,
      maxTokens: 64,
      stopSequenceCount: 2,
      seed: 42,
      responseFormat: 'json_schema',
      reasoningEffort: 'high',
    });
  });

  it('says nothing of what means nothing', () => {
    const facts = ask({ model: 'm', messages: [], think: true, format: '', options: { num_predict: -1 } });
    expect(facts).toMatchObject({ reasoningEffort: undefined, responseFormat: undefined, maxTokens: undefined });
    expect(ask({ model: 'm', format: 'json' }).responseFormat).toBe('json');
  });

  it('describes pictures, calls and results of tools', () => {
    const messages = [
      { role: 'user', content: 'what?', images: [new Uint8Array(3), 'aGVsbG8=', '/pictures/cat.png'] },
      { role: 'user', content: '', images: ['aGVsbG8='] },
      { role: 'assistant', content: '', tool_calls: [{ function: { name: 'get_weather', arguments: { a: 1 } } }] },
      { role: 'tool', tool_name: 'get_weather', content: 'sunny' },
    ];
    expect(ask({ model: 'm', messages }).messages?.map(({ content }) => content?.text)).toEqual([
      'what?\n[image]\n[image]\n[image]',
      '[image]',
      '[tool_call get_weather]',
      'sunny',
    ]);
  });

  it('has the marks of the messages that are kept, where the others have pictures too', () => {
    const messages = Array.from({ length: 9 }, (_, at) => ({
      role: 'user',
      content: `${at}`,
      images: at === 4 ? ['x'] : [],
    }));
    const said = ask({ model: 'm', messages }).messages?.map(({ content }) => content?.text);
    expect(said).toEqual(['4\n[image]', '5', '6', '7', '8']);
  });

  it('does not mark a thousand pictures', () => {
    const images = Array.from({ length: 1_000 }, () => 'x');
    const [message] = ask({ model: 'm', messages: [{ role: 'user', content: 'what?', images }] }).messages ?? [];
    expect(message?.content?.length).toBeLessThan(300);
  });
});

describe('generate', () => {
  it('reads a prompt with pictures', () => {
    const request: any = { model: 'm', prompt: 'what?', images: ['x'], system: 'secret', options: { stop: ['a'] } };
    expect(generate.readRequest(request, limits)).toMatchObject({
      model: 'm',
      input: text('what?\n[image]'),
      inputLength: 5,
      stopSequenceCount: 1,
    });
  });

  it('has the same answer in a stream', () => {
    const of = (fields: object): object => ({ ...head, response: '', done: false, ...fields });
    expectFacts(
      generate,
      {
        whole: { ...head, response: 'Yes', thinking: 'Hm', ...end },
        chunks: [of({ thinking: 'Hm' }), of({ response: 'Y' }), of({ response: 'es' }), of(end)],
      },
      { ...ended, started: true, outputs: [{ text: text('Yes'), finishReason: 'stop' }] },
    );
  });

  it('can answer with a picture, after chunks that tell how far it is', () => {
    const whole = { ...head, image: 'aGVsbG8=', done: true, done_reason: 'stop' };
    const outputs = [{ text: text('[image 5 B]'), finishReason: 'stop' }];
    const chunks = [{ ...head, completed: 1, total: 4, done: false }, whole];
    expectFacts(
      generate,
      { whole, chunks },
      { model: 'llama3.2', started: true, finished: true, outputs, usage: expect.anything() as never },
    );
  });

  it('loads a model where there is no prompt: an answer without tokens', () => {
    const facts = generate.readResponse({ ...head, response: '', done: true, done_reason: 'load' } as any, limits);
    expect(facts).toEqual({ model: 'llama3.2', finished: true, outputs: [{ finishReason: 'load' }], usage: {} });
  });
});

describe('embeddings', () => {
  it('are counted, and their vectors are not looked at', () => {
    expect(embed.readRequest({ model: 'm', input: ['one', 'two'] }, limits)).toMatchObject({
      model: 'm',
      input: text('one\ntwo'),
      inputCount: 2,
    });
    const response: any = { model: 'm', prompt_eval_count: 5, total_duration: 1 };
    Object.defineProperty(response, 'embeddings', { get: () => fail() });
    expect(embed.readResponse(response, limits)).toEqual({ model: 'm', usage: { inputTokens: 5 } });
    expect(embeddings.readRequest({ model: 'm', prompt: 'one' }, limits).input).toEqual(text('one'));
    expect(embeddings.readResponse({ embedding: [1] }, limits)).toEqual({});
  });
});

describe('systemone', () => {
  it('reads what is judged, and the judgement', () => {
    const questions: any = { mood: { type: 'choice', instructions: 'Which?', criteria: { good: null } } };
    expect(systemone.readRequest({ model: 'm', state: { said: 'hi' }, questions }, limits)).toEqual({
      model: 'm',
      input: text('{"said":"hi"}'),
      inputLength: 13,
      inputCount: 1,
    });
    const answers: any = { mood: { type: 'choice', choice: 'good' } };
    expect(
      systemone.readResponse({ model: 'm', answers, usage: { input_tokens: 9, output_tokens: 0 } }, limits),
    ).toEqual({
      model: 'm',
      started: true,
      outputs: [{ text: text(JSON.stringify(answers)) }],
      usage: { inputTokens: 9, outputTokens: 0, totalTokens: 9 },
    });
  });
});

it.each([chat, generate, embed, embeddings, systemone].map((reader) => [reader.method, reader] as const))(
  '%s reads odd shapes without throwing',
  (_name, reader) => {
    expectTolerant(reader, [
      ...['model', 'messages', 'options', 'options.stop', 'tools', 'format', 'think', 'prompt', 'images', 'input'],
      ...['message', 'message.content', 'message.tool_calls', 'message.thinking', 'done', 'done_reason', 'response'],
      ...['thinking', 'image', 'prompt_eval_count', 'eval_count', 'usage', 'answers', 'state', 'questions'],
    ]);
    expectToReadAround(reader, ['messages', 'options', 'prompt', 'images', 'input', 'state']);
  },
);

it('finds the class in whatever it is given, and patches methods where they live', () => {
  class Base {
    chat(): void {}
    generate(): void {}
  }
  class Ollama extends Base {
    embed(): void {}
  }
  const places = [{ Ollama }, Ollama, new Ollama(), { default: new Ollama() }, { default: { Ollama } }];
  for (const exports of places) {
    expect(patch.methods(exports).map(({ owner, method }) => [owner, method])).toEqual([
      [Base.prototype, 'chat'],
      [Base.prototype, 'generate'],
      [Ollama.prototype, 'embed'],
    ]);
  }
  for (const nothing of [undefined, null, {}, { Ollama: 1 }, { Ollama: class {} }, 'ollama']) {
    expect(patch.methods(nothing)).toEqual([]);
  }
});

function fail(): never {
  throw new Error('looked at');
}
