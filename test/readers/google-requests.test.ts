import * as old from '../../src/patches/google-generative-ai/methods';
import * as methods from '../../src/patches/google/methods';
import { describeGeminiPart } from '../../src/patches/shared/gemini-requests';
import type { RequestFacts } from '../../src/types';
import { limits, text } from './expect-facts';

/* eslint-disable @typescript-eslint/no-explicit-any -- requests and answers in every form that they take */

describe('a request of @google/genai', () => {
  const requested = (contents: unknown, config: object = {}): RequestFacts =>
    methods.generateContent.readRequest({ model: 'gemini-x', contents, config } as any, limits);
  const said = (contents: unknown): unknown =>
    requested(contents).messages?.map(({ role, content }) => [role, content?.text]);

  it.each<[string, unknown, unknown]>([
    ['a text', 'hello', [['user', 'hello']]],
    ['a part', { text: 'hello' }, [['user', 'hello']]],
    ['a list of texts and parts, which is one message', ['one', { text: 'two' }], [['user', 'one\ntwo']]],
    ['a content', { role: 'model', parts: [{ text: 'hello' }] }, [['model', 'hello']]],
    [
      'a list of contents',
      [
        { role: 'user', parts: [{ text: 'hello' }] },
        { role: 'model', parts: [{ functionCall: { name: 'f', args: {} } }] },
        { role: 'user', parts: [{ functionResponse: { name: 'f', response: { output: 1 } } }] },
      ],
      [
        ['user', 'hello'],
        ['model', '[tool_call f]'],
        ['user', '{"output":1}'],
      ],
    ],
    ['nothing', undefined, undefined],
  ])('says %s', (_title, contents, expected) => {
    expect(said(contents)).toEqual(expected);
  });

  it('keeps the last messages, and measures all of them', () => {
    const contents = Array.from({ length: 9 }, (_, at) => ({ role: 'user', parts: [{ text: `message ${at}` }] }));
    const facts = requested(contents);
    expect(facts.messages?.map(({ content }) => content?.text)).toEqual([4, 5, 6, 7, 8].map((at) => `message ${at}`));
    expect(facts).toMatchObject({ messageCount: 9, inputLength: 81 });
  });

  it('counts functions, and the tools of the provider', () => {
    const functionDeclarations = [{ name: 'a' }, { name: 'b' }];
    expect(requested('x', { tools: [{ functionDeclarations }, { googleSearch: {} }] }).toolCount).toBe(3);
    expect(requested('x', { tools: [] }).toolCount).toBe(0);
    expect(requested('x').toolCount).toBeUndefined();
  });

  it.each([
    ['gemini-x', 'gemini-x'],
    ['models/gemini-x', 'gemini-x'],
    ['publishers/google/models/gemini-x', 'gemini-x'],
    ['projects/p/locations/l/publishers/google/models/gemini-x', 'gemini-x'],
    ['tunedModels/mine', 'tunedModels/mine'],
  ])('calls the model of %s %s', (model, expected) => {
    expect(methods.generateContent.readRequest({ model, contents: 'x' }, limits).model).toBe(expected);
  });

  it.each<[unknown, object]>([
    ['one', { input: text('one'), inputLength: 3 }],
    [['one', 'two'], { input: text('one\ntwo'), inputCount: 2 }],
    [[{ parts: [{ text: 'one' }, { text: 'two' }] }], { input: text('one\ntwo'), inputCount: 1 }],
    [undefined, {}],
  ])('embeds %j', (contents, expected) => {
    expect(methods.embedContent.readRequest({ model: 'e', contents } as any, limits)).toMatchObject({
      model: 'e',
      ...expected,
    });
  });

  it('has its signal in the request', () => {
    const { signal } = new AbortController();
    expect(methods.generateContent.signalOf?.([{ config: { abortSignal: signal } }])).toBe(signal);
    expect(methods.generateContent.signalOf?.([undefined])).toBeUndefined();
  });
});

describe('a part', () => {
  it.each<[unknown, string | undefined]>([
    ['text', 'text'],
    [{ text: 'what the model thought', thought: true }, '[thinking]'],
    [{ inlineData: { mimeType: 'audio/wav', data: 'aGVsbG8=' } }, '[audio/wav 5 B]'],
    [{ fileData: { mimeType: 'video/mp4', fileUri: 'https://example.org/x' } }, '[video/mp4]'],
    [{ fileData: {} }, '[file]'],
    [{ toolCall: { toolType: 'URL_CONTEXT' } }, '[tool_call URL_CONTEXT]'],
    [{ toolResponse: { response: { ok: true } } }, '{"ok":true}'],
    [{ functionResponse: { name: 'f' } }, '{}'],
    [{ executableCode: { code: 'x' } }, '[tool_call code_execution]'],
    [{ codeExecutionResult: { output: '2' } }, '2'],
    [{ somethingNew: 1 }, undefined],
  ])('%j is said as %s', (part, expected) => {
    expect(describeGeminiPart(part)).toBe(expected);
  });
});

describe('a chat of @google/generative-ai', () => {
  // The SDK waits for the answer before: what it sends then is not what was there when it was called.
  it('tells the history as it is when the message goes out', async () => {
    let settle: () => void = () => undefined;
    const self = {
      model: 'models/gemini-x',
      _history: [] as object[],
      _sendPromise: new Promise<void>((resolve) => (settle = resolve)),
    };
    const facts = old.sendMessage.readRequest('again', limits, ['again'], self);
    expect(facts).toMatchObject({ model: 'gemini-x', messageCount: 1 });
    self._history.push({ role: 'user', parts: [{ text: 'hello' }] }, { role: 'model', parts: [{ text: 'yes' }] });
    settle();
    await self._sendPromise;
    await Promise.resolve();
    expect(facts.messageCount).toBe(3);
    expect(facts.messages?.at(-1)?.content?.text).toBe('again');
  });

  it('leaves a failure of the message before to the SDK, once', async () => {
    const unhandled = jest.fn();
    process.on('unhandledRejection', unhandled);
    const before = Promise.reject(new Error('of the message before'));
    before.catch(() => undefined);
    let reads = 0;
    const chat = {
      _sendPromise: before,
      get _history() {
        if (++reads > 1) throw new Error('a bug of ours');
        return [];
      },
    };
    expect(old.sendMessage.readRequest('again', limits, ['again'], chat)).toBeDefined();
    await new Promise((resolve) => setTimeout(resolve, 20));
    process.off('unhandledRejection', unhandled);
    expect(reads).toBeGreaterThan(1);
    expect(unhandled).not.toHaveBeenCalled();
  });
});
