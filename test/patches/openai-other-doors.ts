import type { Door, Expected, Subject } from './describe-patch';
import { at, json, misfit, model, place, toolCalls, usage, type Major } from './openai-doors';
import { readAll } from './stream-doors';

/* eslint-disable @typescript-eslint/no-explicit-any -- one contract over the types of many SDK majors */

/** `responses.create`, and what goes through it. */
export function responsesDoors({ asked }: Subject, { zod, hasBetaResponses }: Major): Door[] {
  const base: Expected = { ...asked, method: 'responses.create', outcome: 'ok' };
  const whole = {
    ...base,
    ...usage,
    streaming: false,
    output: 'Hello from the stand-in.',
    response_id: 'resp_standin',
  };
  const streamed = { ...whole, streaming: true };
  const parsing = (schema: unknown): object => ({
    model,
    input: 'json',
    text: { format: zod.zodTextFormat(schema, 'place') },
  });
  const parsed = { ...whole, output: json, response_format: 'json_schema' };
  const doors: Door[] = [
    {
      title: 'responses.create() with a string',
      run: ({ connect }) => connect().responses.create({ model, input: 'hello' }),
      events: [{ ...whole, input: 'hello' }],
      check: ({ value }) => expect(value.output_text).toBe('Hello from the stand-in.'),
    },
    {
      title: 'responses.create() with withResponse()',
      run: ({ connect }) =>
        connect()
          .responses.create({ model, input: [{ role: 'user', content: 'hello' }] })
          .withResponse(),
      events: [{ ...whole, messages: [{ role: 'user', content: 'hello' }] }],
    },
    {
      title: 'responses.create() with asResponse()',
      run: async ({ connect }) => (await connect().responses.create({ model, input: 'hello' }).asResponse()).text(),
      events: [{ ...base, outcome: 'raw' }],
    },
    {
      title: 'responses.create() that fails',
      run: ({ connect }) => connect('/429-99').responses.create({ model, input: 'hello' }),
      events: [{ ...base, outcome: 'error', http_status: 429 }],
    },
    {
      title: 'responses.create() that reports its failure in a successful answer',
      run: ({ connect }) => connect().responses.create({ model, input: 'fail' }),
      events: [{ ...base, outcome: 'error', error_code: 'server_error', error: 'could not answer: fail' }],
    },
    {
      title: 'responses.create() streams',
      run: async ({ connect }) => readAll(await connect().responses.create({ model, input: 'hello', stream: true })),
      events: [streamed],
    },
    {
      title: 'responses.create() streams parallel tool calls',
      run: async ({ connect }) =>
        readAll(
          await connect().responses.create({
            model,
            input: 'weather',
            stream: true,
            tools: [{ type: 'function', name: 'get_weather' }],
          }),
        ),
      events: [{ ...base, streaming: true, tool_call_count: 2, tool_calls: toolCalls }],
    },
    {
      title: 'responses.parse() gives the parsed answer',
      run: ({ connect }) => connect().responses.parse(parsing(place)),
      events: [parsed],
      check: ({ value }) => expect(value.output_parsed).toEqual({ city: 'Paris', celsius: 18 }),
    },
    {
      title: 'responses.parse() with a schema that does not fit rejects, and the tokens are in the event',
      run: ({ connect }) => connect().responses.parse(parsing(misfit)),
      events: [parsed],
      check: ({ thrown }) => expect(thrown).toBeDefined(),
    },
    {
      // posthog-js#4094: these streams can not be tee'd.
      title: 'responses.stream() gives its events and its final answer',
      async run({ connect }) {
        const stream = connect().responses.stream({ model, input: 'hello' });
        const events = await readAll(stream);
        return { events, final: await stream.finalResponse() };
      },
      events: [streamed],
    },
    {
      title: 'responses.stream() can be left',
      async run({ connect }) {
        const stream = connect('/slow-5').responses.stream({ model, input: 'long' });
        for await (const event of stream) if (event.type === 'response.output_text.delta') break;
        await stream.done().catch(() => undefined);
        return { aborted: stream.aborted };
      },
      events: [{ ...base, streaming: true, outcome: 'aborted', input_tokens: undefined, response_id: 'resp_standin' }],
    },
  ];
  if (!hasBetaResponses) return doors;
  return [
    ...doors,
    {
      title: 'beta.responses.create()',
      run: ({ connect }) => connect().beta.responses.create({ model, input: 'hello' }),
      events: [{ ...whole, method: 'beta.responses.create' }],
    },
  ];
}

/** Every other method, by its name. */
export function otherDoors({ asked, exports: sdk }: Subject): Door[] {
  const file = (name: string): unknown => sdk.toFile(Buffer.from('not really a file'), name);
  const table: [
    path: string,
    operation: string,
    request: (() => unknown) | object,
    expected: Expected,
    stream?: true,
  ][] = [
    [
      'completions.create',
      'text_completion',
      { prompt: 'hello' },
      { input: 'hello', output: 'Hello from the stand-in.', input_tokens: 20 },
    ],
    [
      'completions.create',
      'text_completion',
      { prompt: 'hello', stream: true },
      { output: 'Hello from the stand-in.' },
      true,
    ],
    ['embeddings.create', 'embedding', { input: ['one', 'two'] }, { input_count: 2, input_tokens: 5 }],
    ['embeddings.create', 'embedding', { input: 'one', encoding_format: 'float' }, { input: 'one', input_tokens: 5 }],
    [
      'images.generate',
      'image_generation',
      { prompt: 'a cat' },
      { input: 'a cat', input_tokens: 9, output_tokens: 100 },
    ],
    [
      'images.edit',
      'image_generation',
      async () => ({ prompt: 'a cat', image: await file('cat.png') }),
      { input: 'a cat', output_tokens: 100 },
    ],
    [
      'images.createVariation',
      'image_generation',
      async () => ({ image: await file('cat.png') }),
      { output_tokens: 100 },
    ],
    [
      'audio.transcriptions.create',
      'transcription',
      async () => ({ file: await file('a.mp3') }),
      { output: 'Hello there.', audio_input_tokens: 14 },
    ],
    [
      'audio.translations.create',
      'translation',
      async () => ({ file: await file('a.mp3') }),
      { output: 'Hello there.' },
    ],
    ['audio.speech.create', 'speech', { input: 'hello', voice: 'alloy' }, { input: 'hello', output: undefined }],
    ['moderations.create', 'moderation', { input: 'hello' }, { input: 'hello' }],
  ];
  return table.map(([path, operation, request, expected, stream]) => ({
    title: `${path}()${stream ? ' streamed' : ''} is a ${operation} event: ${JSON.stringify(expected)}`,
    async run({ connect }) {
      const client = connect();
      const { owner, name } = methodAt(client, path);
      const body = typeof request === 'function' ? await request() : request;
      const value = await owner[name]({ model, ...body });
      return stream ? readAll(value) : value;
    },
    events: [
      { ...asked, messages: undefined, message_count: undefined, method: path, operation, outcome: 'ok', ...expected },
    ],
    check: ({ value, thrown }) => expect([value === undefined, thrown]).toEqual([false, undefined]),
  }));
}

function methodAt(client: any, path: string): { owner: any; name: string } {
  const names = path.split('.');
  const name = names.pop() as string;
  return { owner: at(client, names.join('.')), name };
}
