import type { Door, Expected, Subject } from './describe-patch';
import { leavingDoors, streamDoors } from './google-generative-ai-stream-doors';
import { modelOf } from './google-generative-ai-subject';
import { plainErrorDoors, plainPromiseDoors } from './plain-doors';
import { readAll } from './stream-doors';

const toolCalls = ['Paris', 'Tokyo'].map((city) => ({ name: 'get_weather', arguments: JSON.stringify({ city }) }));
const weather = { name: 'get_weather', description: 'weather', parameters: { type: 'OBJECT', properties: {} } };

export function generativeAiDoors(subject: Subject): Door[] {
  const withSignal = (signal: AbortSignal): object => ({ signal });
  // It does not look at a signal that was aborted before.
  const ofAbort = 'a signal that was aborted long ago rejects as it did';
  const ofFailure = 'a failing stream call rejects before there is a stream';
  const failing = plainErrorDoors(subject, { withSignal })
    .filter(({ title }) => title !== ofAbort)
    .map((door) =>
      door.title === ofFailure
        ? { ...door, events: door.events.map((each) => ({ ...each, method: 'generateContentStream' })) }
        : door,
    );
  return [
    ...plainPromiseDoors(subject),
    ...failing,
    ...streamDoors(subject),
    ...leavingDoors(subject),
    ...contentDoors(subject),
    ...chatDoors(subject),
    ...otherDoors(subject.asked),
  ];
}

function contentDoors({ ask, asked, whole, streamed }: Subject): Door[] {
  const withTools = { tools: [{ functionDeclarations: [weather] }] };
  const called = { output: undefined, tool_calls: toolCalls, tool_count: 1, message_count: 1 };
  return [
    {
      title: 'parallel calls of a whole answer do not merge',
      run: ({ connect }) => ask(connect(), 'weather', withTools),
      events: [{ ...asked, ...whole, ...called }],
    },
    {
      // The SDK's own sum of the chunks has the last call twice, and the first not at all.
      title: 'parallel calls of a stream do not merge, whatever the response says',
      run: async ({ connect }) => (await modelOf(connect(), withTools).generateContentStream('weather')).response,
      events: [{ ...asked, ...streamed, ...called }],
    },
    {
      title: 'a refused prompt has a reason',
      run: ({ connect }) => ask(connect(), 'blocked'),
      events: [{ ...asked, outcome: 'ok', finish_reason: 'SAFETY', output: undefined, output_tokens: undefined }],
    },
    {
      title: 'a request says more than its model, and holds before it',
      run: ({ connect }) =>
        modelOf(connect(), { generationConfig: { temperature: 0.1, topP: 0.9 } }).generateContent({
          contents: [
            { role: 'user', parts: [{ text: 'one' }] },
            { role: 'model', parts: [{ text: 'two' }] },
            { role: 'user', parts: [{ text: 'three' }, { inlineData: { mimeType: 'image/png', data: 'aGVsbG8=' } }] },
          ],
          generationConfig: { temperature: 0.5, maxOutputTokens: 9 },
        }),
      events: [
        {
          ...asked,
          ...whole,
          temperature: 0.5,
          top_p: undefined,
          max_tokens: 9,
          messages: [
            { role: 'user', content: 'one' },
            { role: 'model', content: 'two' },
            { role: 'user', content: 'three\n[image/png 5 B]' },
          ],
        },
      ],
    },
    {
      title: 'a list of parts is one message of the user',
      run: ({ connect }) => ask(connect(), ['one', { text: 'two' }] as never),
      events: [{ ...asked, ...whole, messages: [{ role: 'user', content: 'one\ntwo' }] }],
    },
  ];
}

/** A chat calls what a model calls, and not the model: one event a message, and not two. */
function chatDoors({ asked, whole, streamed }: Subject): Door[] {
  const settings = { generationConfig: { temperature: 0.5 } };
  const first = { role: 'user', content: 'hello' };
  const all = [first, { role: 'model', content: 'Hello from the stand-in.' }, { role: 'user', content: 'again' }];
  const ofWhole = { ...asked, ...whole, method: 'sendMessage', temperature: 0.5 };
  const ofStream = { ...asked, ...streamed, method: 'sendMessageStream', temperature: 0.5 };
  return [
    {
      title: 'sendMessage() of a chat is one event a message, with what was said before',
      async run({ connect }) {
        const chat = modelOf(connect(), settings).startChat();
        const answers = [await chat.sendMessage('hello'), await chat.sendMessage('again')];
        return { answers, history: await chat.getHistory() };
      },
      events: [
        { ...ofWhole, message_count: 1, messages: [first] },
        { ...ofWhole, message_count: 3, messages: all },
      ],
    },
    {
      title: 'sendMessageStream() of a chat is one event a message, and its history is kept',
      async run({ connect }) {
        const chat = modelOf(connect(), settings).startChat();
        const results = [await chat.sendMessageStream('hello')];
        await results[0].response;
        results.push(await chat.sendMessageStream('again'));
        const chunks = await Promise.all(results.map(({ stream }) => readAll(stream)));
        return { chunks, history: await chat.getHistory() };
      },
      events: [
        { ...ofStream, message_count: 1 },
        { ...ofStream, message_count: 3 },
      ],
    },
    {
      title: 'sendMessage() of a chat rejects as it did, and the chat goes on',
      async run({ connect }) {
        const chat = modelOf(connect('/400-1')).startChat();
        const failure: unknown = await chat.sendMessage('hello').catch((error: unknown) => error);
        return { failure, answer: await chat.sendMessage('hello'), history: await chat.getHistory() };
      },
      events: [
        { ...asked, method: 'sendMessage', outcome: 'error', http_status: 400 },
        { ...asked, ...whole, method: 'sendMessage', message_count: 1 },
      ],
    },
    {
      title: 'the answer of a function is a message of a function',
      async run({ connect }) {
        const chat = modelOf(connect(), { tools: [{ functionDeclarations: [weather] }] }).startChat();
        const { response } = await chat.sendMessage('weather');
        const parts = response
          .functionCalls()
          .map(({ name }: { name: string }) => ({ functionResponse: { name, response: { output: 'sunny' } } }));
        return chat.sendMessage(parts);
      },
      events: [
        { ...asked, method: 'sendMessage', tool_calls: toolCalls },
        {
          ...asked,
          method: 'sendMessage',
          messages: [
            { role: 'user', content: 'weather' },
            { role: 'model', content: '[tool_call get_weather]\n[tool_call get_weather]' },
            { role: 'function', content: '{"output":"sunny"}\n{"output":"sunny"}' },
          ],
        },
      ],
    },
  ];
}

function otherDoors(asked: Expected): Door[] {
  const embedding = { ...asked, operation: 'embedding', outcome: 'ok', output: undefined, input_tokens: undefined };
  const content = (text: string): object => ({ role: 'user', parts: [{ text }] });
  return [
    {
      title: 'embedContent() of one text',
      run: ({ connect }) => modelOf(connect()).embedContent('hello'),
      events: [{ ...embedding, method: 'embedContent', input: 'hello', input_count: undefined }],
      check: ({ value }) => expect(value.embedding.values).toHaveLength(3),
    },
    {
      title: 'batchEmbedContents() of several texts',
      run: ({ connect }) =>
        modelOf(connect()).batchEmbedContents({
          requests: [{ content: content('hello') }, { content: content('there') }],
        }),
      events: [{ ...embedding, method: 'batchEmbedContents', input: 'hello\nthere', input_count: 2 }],
      check: ({ value }) => expect(value.embeddings).toHaveLength(2),
    },
    {
      title: 'countTokens() is an event of its own kind',
      run: ({ connect }) => modelOf(connect()).countTokens('hello'),
      events: [
        {
          ...asked,
          operation: 'token_count',
          method: 'countTokens',
          outcome: 'ok',
          message_count: 1,
          input_tokens: 11,
          output_tokens: undefined,
        },
      ],
      check: ({ value }) => expect(value.totalTokens).toBe(11),
    },
    {
      title: 'countTokens() of a whole request',
      run: ({ connect }) =>
        modelOf(connect()).countTokens({ generateContentRequest: { contents: [content('one'), content('two')] } }),
      events: [{ ...asked, operation: 'token_count', method: 'countTokens', message_count: 2, input_tokens: 11 }],
    },
  ];
}
