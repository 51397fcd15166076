import { creation, run, stream } from '../../src/patches/replicate/predictions';
import { replicate } from '../../src/patches/replicate';
import type { MethodReader, ResponseFacts, Tell } from '../../src/types';
import { expectFacts, fold, limits, text } from './expect-facts';
import { expectTolerant } from './expect-tolerant';

/* eslint-disable @typescript-eslint/no-explicit-any -- predictions of any model */

const head = { id: 'p1', model: 'acme/writer', version: 'abc' };
const created = creation('/predictions') as MethodReader;
const createdOfModel = creation('/models/acme/writer/predictions') as MethodReader;

describe('a request', () => {
  const input = {
    prompt: 'Say hi',
    max_new_tokens: 9,
    temperature: 0,
    top_p: 0.5,
    seed: 3,
    stop_sequences: 'a,b',
    tools: [{}],
  };
  const asked = {
    toolCount: 1,
    temperature: 0,
    topP: 0.5,
    maxTokens: 9,
    stopSequenceCount: 2,
    seed: 3,
    input: text('Say hi'),
    inputLength: 6,
  };

  it.each<[string, MethodReader, readonly any[], object]>([
    ['run', run, ['acme/writer', { input }], { model: 'acme/writer' }],
    ['run of a version', run, ['acme/writer:abc', { input }], { model: 'acme/writer:abc' }],
    ['stream', stream, ['acme/writer', { input }], { model: 'acme/writer', streaming: true }],
    ['a version', created, ['/predictions', { data: { version: 'abc', input } }], { model: 'abc' }],
    ['a model', createdOfModel, ['/models/acme/writer/predictions', { data: { input } }], { model: 'acme/writer' }],
    [
      'a deployment, by an address',
      creation(new URL('https://api.replicate.com/v1/deployments/acme/mine/predictions')) as MethodReader,
      [new URL('https://api.replicate.com/v1/deployments/acme/mine/predictions'), { data: { input } }],
      { model: 'acme/mine' },
    ],
  ])('of %s', (_title, reader, args, expected) => {
    expect(reader.readRequest(args[0], limits, args)).toEqual({ ...asked, ...expected });
  });

  it('with messages is a chat', () => {
    const messages = [{ role: 'user', content: 'Say hi' }];
    expect(run.readRequest('acme/writer', limits, ['acme/writer', { input: { messages } }])).toMatchObject({
      operation: 'chat_completion',
      messageCount: 1,
      messages: [{ role: 'user', content: text('Say hi') }],
    });
  });

  it.each([
    ['/predictions', 'predictions.create'],
    ['predictions', 'predictions.create'],
    ['/models/acme/writer/predictions?x=1', 'predictions.create'],
    ['/deployments/acme/writer/predictions', 'deployments.predictions.create'],
    ['/predictions/p1', undefined],
    ['/predictions/p1/cancel', undefined],
    ['/models/acme/writer', undefined],
    ['/models/acme/writer/versions/v1/trainings', undefined],
    ['/deployments', undefined],
    [undefined, undefined],
  ])('to %s is %s', (route, method) => {
    expect(creation(route)?.method).toBe(method);
  });

  it.each([
    ['GET', {}, false],
    ['POST', {}, true],
    ['post', {}, true],
    ['POST', undefined, true],
  ])('by %s with data %j is a call: %s', (method, data, isCall) => {
    class Client {
      run(): void {}
      stream(): void {}
      request(): void {}
    }
    const [, , request] = replicate.methods(Client);
    expect(request?.readerFor(['/predictions', { method, data }], {}) !== undefined).toBe(isCall);
  });
});

describe('a prediction', () => {
  const metrics = { predict_time: 1, input_token_count: 20, output_token_count: 12 };

  it.each<[string, object, ResponseFacts]>([
    ['that was begun', { status: 'starting', output: null }, { finished: false }],
    [
      'that goes on has no end',
      { status: 'processing', output: ['Hel'] },
      { finished: false, started: true, operation: 'text_completion', outputs: [{ text: text('Hel') }] },
    ],
    [
      'of a language model',
      { status: 'succeeded', output: ['Hel', 'lo'], metrics },
      {
        finished: true,
        started: true,
        operation: 'text_completion',
        usage: { inputTokens: 20, outputTokens: 12 },
        outputs: [{ text: text('Hello'), finishReason: 'succeeded' }],
      },
    ],
    [
      'of a model that paints',
      { status: 'succeeded', output: ['https://x.example/a.webp', 'https://x.example/b.png?x=1'] },
      {
        finished: true,
        started: true,
        operation: 'image_generation',
        outputs: [{ text: text('[image/webp] [image/png]'), finishReason: 'succeeded' }],
      },
    ],
    [
      'of a model that makes a file of another kind, which is no picture',
      { status: 'succeeded', output: 'https://x.example/a.mp4' },
      { finished: true, started: true, outputs: [{ text: text('[video/mp4]'), finishReason: 'succeeded' }] },
    ],
    [
      'of a model that hears',
      { status: 'succeeded', output: { text: 'la la', segments: [] } },
      {
        finished: true,
        started: true,
        outputs: [{ text: text('la la'), finishReason: 'succeeded' }],
      },
    ],
    [
      'of a model that measures',
      { status: 'succeeded', output: [[0.1, 0.2]] },
      { finished: true, outputs: [{ finishReason: 'succeeded' }] },
    ],
    [
      'that failed',
      { status: 'failed', error: 'No luck', output: null },
      { finished: true, outputs: [{ finishReason: 'failed' }], failure: { message: text('No luck') } },
    ],
    ['that was canceled', { status: 'canceled' }, { finished: false, outputs: [{ finishReason: 'canceled' }] }],
  ])('%s', (_title, prediction, expected) => {
    const { id, model } = head;
    expect(created.readResponse({ ...head, ...prediction }, limits)).toEqual({ id, model, ...expected });
  });

  it('of run() is what the callback was told last', () => {
    const facts: ResponseFacts = {};
    const tell: Tell = (read) => read(facts, limits);
    const told: unknown[] = [];
    const given = run.given?.(['acme/writer', {}, (prediction: unknown) => told.push(prediction)], tell) ?? [];
    given[2]({ ...head, status: 'processing', output: ['Hel'] });
    given[2]({ ...head, status: 'succeeded', output: ['Hel', 'lo'], metrics });
    expect(told).toHaveLength(2);
    expect(run.readResponse(['Hel', 'lo'], limits, facts)).toMatchObject({
      id: 'p1',
      usage: { inputTokens: 20, outputTokens: 12 },
      outputs: [{ text: text('Hello'), finishReason: 'succeeded' }],
    });
    expect(run.readResponse('Hello', limits, {})).toMatchObject({ outputs: [{ text: text('Hello') }] });
  });

  it('that is not watched still marks what is within, and tells nothing', () => {
    const options = { input: { prompt: 'x' } };
    const given = run.given?.(['acme/writer', options, undefined]) ?? [];
    expect(given[2]).toBeUndefined();
    expect(JSON.stringify({ ...given[1] })).toBe(JSON.stringify(options));
    const { input, ...data } = given[1];
    expect(input).toBe(options.input);
    expect(Object.getOwnPropertySymbols({ ...data })).toHaveLength(1);
    expect(Object.getOwnPropertySymbols(options)).toEqual([]);
  });
});

describe('a stream', () => {
  const output = (data: unknown): object => ({ event: 'output', data, id: '1' });
  const done = { event: 'done', data: '{}' };

  it('tells what the whole output does', () => {
    expectFacts(
      stream,
      { whole: ['Hel', 'lo'], chunks: [output('Hel'), { event: 'logs', data: 'x' }, output('lo'), done] },
      { started: true, finished: true, operation: 'text_completion', outputs: [{ text: text('Hello') }] },
    );
  });

  it('is not finished without its last event, and says why it was stopped', () => {
    expect(fold(stream, [output('Hel')]).finished).toBeUndefined();
    expect(fold(stream, [{ event: 'done', data: '{"reason":"canceled"}' }])).toEqual({
      finished: true,
      outputs: [{ finishReason: 'canceled' }],
    });
    expect(fold(stream, [{ event: 'done', data: 'not JSON' }])).toEqual({ finished: true });
  });

  it('of a model that writes about data is text', () => {
    expect(fold(stream, ['data', ':', 'data:', ' https', '://'].map(output)).outputs).toEqual([
      { text: text('data:data: https://') },
    ]);
  });

  it('keeps no more of an output than may be sent', () => {
    const long = { ...head, status: 'succeeded', output: Array(50_000).fill('word ') };
    const [answer] = created.readResponse(long, limits).outputs ?? [];
    expect(answer?.text?.text).toHaveLength(limits.response);
    expect(answer?.text?.length).toBe(250_000);
  });
});

it.each([run, stream, created, createdOfModel])('$method reads whatever it is given', (reader) => {
  const args = (options: unknown): readonly unknown[] => ['acme/writer', options];
  const ofOptions: MethodReader = {
    ...reader,
    readRequest: (options, most) => reader.readRequest('acme/writer', most, args(options)),
  };
  expectTolerant(ofOptions, [
    ...['input', 'input.messages', 'input.prompt', 'input.stop_sequences', 'input.tools', 'data', 'data.input'],
    ...['data.model', 'data.version', 'id', 'model', 'status', 'output', 'metrics', 'error', 'event', 'url'],
  ]);
});
