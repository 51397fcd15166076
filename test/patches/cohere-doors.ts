import type { Door, Subject } from './describe-patch';
import { readAll } from './stream-doors';

/* eslint-disable @typescript-eslint/no-explicit-any -- one contract over the types of many SDK majors */

export const model = 'command-a-03-2025';

export const calledTwice = {
  outcome: 'ok',
  tool_count: 1,
  tool_call_count: 2,
  tool_calls: ['Paris', 'Tokyo'].map((city) => ({ name: 'get_weather', arguments: JSON.stringify({ city }) })),
};

/** The first API, and what is left of it in the client of the second. */
export function firstApiDoors({ asked, whole, streamed, exports: sdk }: Subject): Door[] {
  const connectFirst = (connect: any, faults = ''): any => connect(faults, {}, () => sdk.CohereClient);
  const once = { maxRetries: 0 };
  const chat = { response_id: 'generation-standin', cached_input_tokens: undefined };
  const text = { ...asked, operation: 'text_completion', message_count: undefined, input: 'hello' };
  const billed = { response_id: 'generate-standin', cached_input_tokens: undefined, ...{ input_tokens: 5 } };
  const sums = { output_tokens: 9, total_tokens: 14 };
  const tool = { name: 'get_weather', description: 'weather' };
  return [
    {
      title: 'chat() of version 1 is a message with its history',
      run: ({ connect }) =>
        connectFirst(connect).chat(
          { model, message: 'hello', chatHistory: [{ role: 'USER', message: 'before' }] },
          once,
        ),
      events: [
        {
          ...{ ...asked, ...whole, ...chat, method: 'chat', message_count: 2 },
          messages: [
            { role: 'USER', content: 'before' },
            { role: 'USER', content: 'hello' },
          ],
        },
      ],
    },
    {
      title: 'chatStream() of version 1 gives its events',
      run: async ({ connect }) => readAll(await connectFirst(connect).chatStream({ model, message: 'hello' }, once)),
      events: [{ ...asked, ...streamed, ...chat, method: 'chatStream' }],
      check: ({ value }) => expect(value.length).toBeGreaterThan(4),
    },
    {
      title: 'tool calls of version 1 do not merge',
      async run({ connect }) {
        const body = { model, message: 'weather', tools: [tool] };
        const client = connectFirst(connect);
        return [await client.chat(body, once), await readAll(await client.chatStream(body, once))];
      },
      events: [false, true].map((streaming) => ({ ...asked, ...calledTwice, streaming, output: 'I will look.' })),
    },
    {
      title: 'a break out of chatStream() of version 1 is a cancelled event',
      async run({ connect }) {
        for await (const event of await connectFirst(connect, '/slow-5').chatStream({ model, message: 'long' }, once)) {
          if (event.eventType === 'text-generation') break;
        }
      },
      events: [{ ...asked, outcome: 'cancelled', streaming: true, output: 'lorem ip', finish_reason: undefined }],
    },
    {
      title: 'generate() is a text completion, of which only what is billed is known',
      run: ({ connect }) => connectFirst(connect).generate({ model, prompt: 'hello', maxTokens: 9 }, once),
      events: [{ ...text, ...whole, ...billed, ...sums, method: 'generate', max_tokens: 9 }],
    },
    {
      title: 'generateStream() streams',
      run: async ({ connect }) => readAll(await connectFirst(connect).generateStream({ model, prompt: 'hello' }, once)),
      events: [{ ...text, ...streamed, ...billed, ...sums, method: 'generateStream' }],
    },
    {
      title: 'generate() of the client of version 2 does what it did',
      run: ({ connect }) => connect().generate({ model, prompt: 'hello' }, once),
      // From 7.15 on the SDK calls an inner method that is not there; before, it is the same method.
      events: whole['http_status'] === 200 ? [] : [{ ...text, method: 'generate' }],
    },
  ];
}

/** What takes texts instead of a conversation. */
export function inputDoors({ asked, exports: sdk }: Subject): Door[] {
  const base = { ...asked, outcome: 'ok', message_count: undefined, output: undefined, output_tokens: undefined };
  const embedding = { ...base, operation: 'embedding', input_tokens: 5, input_count: 2, input: 'one\ntwo' };
  const reranking = { ...base, operation: 'rerank', input_tokens: undefined, input_count: 2, input: 'which?' };
  const texts = { model, texts: ['one', 'two'], inputType: 'search_document' };
  const query = { model, query: 'which?', documents: ['one', 'two'] };
  const first = (connect: any): any => connect('', {}, () => sdk.CohereClient);
  return [
    {
      title: 'embed() of both versions is an embedding',
      run: async ({ connect }) => [
        await connect().embed({ ...texts, embeddingTypes: ['float'] }),
        await first(connect).embed(texts),
      ],
      events: [
        { ...embedding, method: 'v2.embed' },
        { ...embedding, method: 'embed' },
      ],
    },
    {
      title: 'rerank() of both versions is a reranking without tokens',
      run: async ({ connect }) => [await connect().rerank(query), await first(connect).rerank(query)],
      events: [
        { ...reranking, method: 'v2.rerank', response_id: 'rerank-standin' },
        { ...reranking, method: 'rerank', response_id: 'rerank-standin' },
      ],
    },
  ];
}

/** What ends otherwise than it began. */
export function failureDoors({ asked, whole, ask, openStream }: Subject): Door[] {
  return [
    {
      title: 'a retry inside the SDK is one event, and is not counted where nobody tells of it',
      run: ({ connect }) => ask(connect('/429-1'), 'hello', {}, { maxRetries: 1 }),
      events: [{ ...asked, ...whole }],
    },
    {
      title: 'a timeout rejects as it did',
      run: ({ connect }) => ask(connect('/wait-500'), 'hello', {}, { timeoutInSeconds: 0.03 }),
      ignoresRequests: true,
      events: [{ ...asked, outcome: 'error', http_status: undefined, output: undefined }],
      check: ({ thrown }, [event]) => expect(event?.['error_type']).toBe(thrown.constructor.name),
    },
    {
      title: 'the controller of a stream stops nothing, as it did',
      async run({ connect }) {
        const stream = await openStream?.(connect(), 'hello');
        stream.controller.abort();
        return (await readAll(stream)).length;
      },
      events: [{ ...asked, outcome: 'ok' }],
    },
    {
      title: 'no request at all fails as it did',
      run: ({ connect }) => connect().chat(),
      events: [{ method: 'v2.chat', outcome: 'error', http_status: undefined, model: undefined }],
      check: ({ thrown }) => expect(thrown).toBeInstanceOf(Error),
    },
  ];
}
