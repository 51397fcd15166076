import { huggingface } from '../../src/patches/huggingface';
import * as inputs from '../../src/patches/huggingface/inputs';
import { chat, chatStream, requestOf, text as generation, textStream } from '../../src/patches/huggingface/tasks';
import type { MethodReader, ResponseFacts } from '../../src/types';
import { expectFacts, fold, limits, text } from './expect-facts';
import { expectToReadAround, expectTolerant } from './expect-tolerant';

/* eslint-disable @typescript-eslint/no-explicit-any -- the answers of many providers */

const { embeddings, images, speech, summaries, transcriptions, translations } = inputs;

describe('a chat', () => {
  const head = { id: 'c1', model: 'acme/talker' };
  const usage = { prompt_tokens: 20, completion_tokens: 12, total_tokens: 32 };

  it('is the same in a stream', () => {
    const whole = { ...head, usage, choices: [{ index: 0, message: { content: 'Hello' }, finish_reason: 'stop' }] };
    const chunk = (content: string, finish_reason: string | null): object => ({
      ...head,
      choices: [{ index: 0, delta: { content }, finish_reason }],
    });
    expectFacts(
      chatStream,
      { whole, chunks: [chunk('Hel', null), chunk('lo', 'stop'), { ...head, choices: [], usage }] },
      {
        ...head,
        started: true,
        finished: true,
        usage: { inputTokens: 20, outputTokens: 12, totalTokens: 32 },
        outputs: [{ text: text('Hello'), finishReason: 'stop' }],
      },
    );
  });

  it('says that it streams where the method does', () => {
    const request = { model: 'acme/talker', messages: [{ role: 'user', content: 'Hi' }] };
    const told = { model: 'acme/talker', messageCount: 1, messages: [{ role: 'user', content: text('Hi') }] };
    expect(chat.readRequest(request, limits)).toMatchObject({ ...told, streaming: false });
    expect(chatStream.readRequest(request, limits)).toMatchObject({ ...told, streaming: true });
  });
});

describe('generated text', () => {
  const token = (piece: string, special = false): object => ({ token: { id: 1, text: piece, special } });
  const details = { finish_reason: 'eos_token', generated_tokens: 3 };

  it('is the same in the tokens of a stream, without those that are no text', () => {
    const end = { ...token('</s>', true), generated_text: 'Hello', details };
    expectFacts(
      textStream,
      { whole: { generated_text: 'Hello', details }, chunks: [token('Hel'), token('lo'), end] },
      {
        started: true,
        finished: true,
        usage: { outputTokens: 3 },
        outputs: [{ text: text('Hello'), finishReason: 'eos_token' }],
      },
    );
  });

  it('is the same in the words of an OpenAI-compatible provider', () => {
    const head = { id: 'cmpl-1', model: 'acme/writer' };
    const chunk = (piece: string, finish_reason: string | null): object => ({
      ...head,
      choices: [{ index: 0, text: piece, finish_reason }],
    });
    expectFacts(
      textStream,
      { whole: chunk('Hello', 'length'), chunks: [chunk('Hel', null), chunk('lo', 'length')] },
      { ...head, started: true, finished: true, outputs: [{ text: text('Hello'), finishReason: 'length' }] },
    );
  });

  it('is the first of a list', () => {
    expect(generation.readResponse([{ generated_text: 'Hi' }], limits)).toEqual({
      started: true,
      finished: true,
      outputs: [{ text: text('Hi') }],
    });
  });

  it('is not finished without its last token', () => {
    expect(fold(textStream, [token('Hel')])).toEqual({ started: true, outputs: [{ text: text('Hel') }] });
  });

  it('was asked for with parameters', () => {
    const parameters = { max_new_tokens: 9, temperature: 0, top_p: 0.5, seed: 3, stop: ['a', 'b'] };
    expect(textStream.readRequest({ model: 'm', inputs: 'Say hi', parameters }, limits)).toEqual({
      model: 'm',
      streaming: true,
      input: text('Say hi'),
      inputLength: 6,
      maxTokens: 9,
      temperature: 0,
      topP: 0.5,
      seed: 3,
      stopSequenceCount: 2,
    });
  });
});

describe('other tasks', () => {
  it.each<[string, MethodReader, unknown, ResponseFacts]>([
    ['vectors', embeddings, [[0.1]], {}],
    ['a picture', images, new Blob(['x'], { type: 'image/png' }), said('[image/png]')],
    ['an address of a picture', images, 'https://x.example/a.png', said('[image]')],
    ['a data URL', images, 'data:image/png;base64,AAAA', said('[image/png 3 B]')],
    ['words that were heard', transcriptions, { text: 'la la' }, said('la la')],
    ['speech', speech, new Blob(['x']), {}],
    ['a translation', translations, { translation_text: 'Bonjour' }, said('Bonjour')],
    ['a summary', summaries, [{ summary_text: 'Short.' }], said('Short.')],
  ])('answer with %s', (_title, reader, response, expected) => {
    expect(reader.readResponse(response, limits)).toEqual(expected);
  });

  it('answer each of several inputs', () => {
    const answers = [{ translation_text: 'Un' }, { translation_text: 'Deux' }];
    expect(translations.readResponse(answers, limits).outputs).toEqual([{ text: text('Un') }, { text: text('Deux') }]);
  });

  it('never look at what is to be heard', () => {
    expect(transcriptions.readRequest({ model: 'm', data: new Blob(['secret']) }, limits)).toEqual({ model: 'm' });
  });
});

describe('the deprecated request()', () => {
  it.each<[object, object | undefined, string | undefined]>([
    [{ messages: [] }, undefined, 'chat_completion'],
    [{}, { task: 'conversational' }, 'chat_completion'],
    [{ inputs: 'x' }, { task: 'text-generation' }, 'text_completion'],
    [{ inputs: 'x' }, { task: 'text-classification' }, undefined],
    [{ inputs: 'x' }, undefined, undefined],
  ])('of %j with %j is a %s', (request, options, operation) => {
    const { operation: found, method } = requestOf('request', [request, options]) ?? {};
    expect([found, method]).toEqual([operation, operation && 'request']);
    expect(requestOf('streamingRequest', [request, options])?.isLazy).toBe(operation && true);
  });
});

describe('who serves a call', () => {
  it.each<[string, object | undefined]>([
    ['huggingface', {}],
    ['huggingface', undefined],
    ['huggingface', { accessToken: 'hf_x', provider: 'groq' }],
    ['huggingface', { provider: 'together' }],
    ['huggingface', { accessToken: 'other', provider: 'hf-inference' }],
    ['huggingface', { accessToken: 'other', provider: 'auto' }],
    ['huggingface', { accessToken: 'other' }],
    ['groq', { accessToken: 'gsk_x', provider: 'groq' }],
    ['fireworks', { accessToken: 'fw_x', provider: 'fireworks-ai' }],
    ['fal_ai', { accessToken: 'key', provider: 'fal-ai' }],
    ['huggingface', { endpointUrl: 'https://x.eu-west-1.aws.endpoints.huggingface.cloud' }],
    ['local', { endpointUrl: 'http://localhost:8080' }],
    ['huggingface_compatible', { endpointUrl: 'https://tgi.example.org/v1' }],
  ])('%s: %j', (provider, request) => {
    expect(huggingface.servedBy(undefined, [request])).toBe(provider);
  });
});

describe('the functions of a file', () => {
  it.each(Object.entries(huggingface.functions))('are watched in %s: %j', (file, names) => {
    const holder = Object.fromEntries(names.map((name) => [name, () => undefined]));
    expect(huggingface.functionMethods(holder, file).map(({ method }) => method)).toEqual(names);
    expect(huggingface.functionMethods({}, file)).toEqual([]);
  });

  it('of an unknown file are left alone', () => {
    expect(huggingface.functionMethods({ chatCompletion: () => 1 }, 'dist/esm/elsewhere')).toEqual([]);
  });
});

const all: readonly MethodReader[] = [chat, chatStream, generation, textStream, ...Object.values<any>(inputs)];

it.each(all)('$method reads whatever it is given', (reader) => {
  expectTolerant(reader, [
    ...['model', 'messages', 'inputs', 'parameters', 'parameters.stop', 'generated_text', 'details', 'token.text'],
    ...['choices', 'usage', 'text', 'data', 'type', 'translation_text', 'summary_text'],
  ]);
  expectToReadAround(reader, ['messages', 'inputs', 'parameters', 'data']);
});

function said(words: string): ResponseFacts {
  return { started: true, outputs: [{ text: text(words) }] };
}
