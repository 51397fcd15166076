import type { Door, Expected, Lab, Subject } from './describe-patch';
import { at, failureOf } from './openai-doors';
import { readAll } from './stream-doors';

/* eslint-disable @typescript-eslint/no-explicit-any -- one contract over the types of many SDK majors */

/** Not on any list of deprecated models, which the SDKs warn about. */
export const model = 'claude-standin';
const toolCalls = ['Paris', 'Tokyo'].map((city) => ({ name: 'get_weather', arguments: JSON.stringify({ city }) }));
const weather = { name: 'get_weather', description: 'weather', input_schema: { type: 'object', properties: {} } };

function request(prompt: string, extra: object = {}): object {
  return { model, max_tokens: 64, messages: [{ role: 'user', content: prompt }], ...extra };
}

/** What every version of the Anthropic SDK has beside the plain call. */
export function messagesDoors(subject: Subject): Door[] {
  const beta = { method: 'beta.messages.create' };
  return [
    ...streamHelper(subject, 'messages', subject.asked),
    ...streamHelper(subject, 'beta.messages', { ...subject.asked, ...beta }),
    {
      title: 'beta.messages.create()',
      run: ({ connect }) => connect().beta.messages.create(request('hello')),
      events: [{ ...subject.asked, ...subject.whole, ...beta }],
    },
    {
      title: 'beta.messages.create() streams',
      run: async ({ connect }) => readAll(await connect().beta.messages.create(request('hello', { stream: true }))),
      events: [{ ...subject.asked, ...subject.streamed, ...beta }],
    },
    {
      title: 'parallel tool calls of a stream, after thinking, do not merge',
      run: async ({ connect }) =>
        readAll(await subject.ask(connect(), 'think: weather', { stream: true, tools: [weather] })),
      events: [
        {
          ...subject.asked,
          outcome: 'ok',
          tool_count: 1,
          tool_call_count: 2,
          tool_calls: toolCalls,
          output: 'I will look.',
        },
      ],
    },
    {
      title: 'tool calls of a whole answer',
      run: ({ connect }) => subject.ask(connect(), 'weather', { tools: [weather] }),
      events: [{ ...subject.asked, outcome: 'ok', tool_calls: toolCalls, finish_reason: 'tool_use' }],
    },
    {
      title: 'arguments that the SDK can not read fail when and as they did',
      run({ connect }) {
        const client = connect();
        return Promise.all([undefined, null].map((body) => failureOf(() => client.messages.create(body))));
      },
      events: [0, 1].map(() => ({
        method: 'messages.create',
        outcome: 'error',
        error_type: 'TypeError',
        http_status: undefined,
      })),
      check: ({ value }) => expect(value[0].error.constructor.name).toBe('TypeError'),
    },
  ];
}

export function countTokensDoors({ asked }: Subject): Door[] {
  return ['messages', 'beta.messages'].map((path) => ({
    title: `${path}.countTokens() is an event of its own kind`,
    run: ({ connect }) => at(connect(), path).countTokens({ model, messages: [{ role: 'user', content: 'hello' }] }),
    events: [
      {
        ...asked,
        method: `${path}.countTokens`,
        operation: 'token_count',
        outcome: 'ok',
        input_tokens: 11,
        output_tokens: undefined,
      },
    ],
    check: ({ value }) => expect(value.input_tokens).toBe(11),
  }));
}

/** `messages.stream()`: one event, though the helper reads for us. */
function streamHelper(subject: Subject, path: string, asked: Expected): Door[] {
  const open = ({ connect }: Lab, prompt: string, faults?: string): any =>
    at(connect(faults), path).stream(request(prompt));
  return [
    {
      title: `${path}.stream() gives its events and its final message`,
      async run(lab) {
        const stream = open(lab, 'hello');
        const seen: unknown[] = [];
        for (const name of ['text', 'contentBlock', 'message', 'end']) {
          stream.on(name, (...args: unknown[]) => seen.push([name, ...args]));
        }
        return { final: await stream.finalMessage(), text: await stream.finalText(), seen };
      },
      events: [{ ...asked, ...subject.streamed }],
      check: ({ value }) => expect(value.text).toBe('Hello from the stand-in.'),
    },
    {
      title: `${path}.stream() can be iterated, and has its response`,
      async run(lab) {
        const stream = open(lab, 'hello');
        const events = await readAll(stream);
        const { response } = await stream.withResponse();
        return { events, status: response.status };
      },
      events: [{ ...asked, ...subject.streamed }],
    },
    {
      title: `${path}.stream() can be left`,
      async run(lab) {
        const stream = open(lab, 'long', '/slow-5');
        for await (const event of stream) if (event.type === 'content_block_delta') break;
        await stream.done().catch(() => undefined);
        return { aborted: stream.aborted, ended: stream.ended };
      },
      events: [{ ...asked, ...subject.partial, outcome: 'aborted' }],
    },
    {
      title: `${path}.stream() can be aborted`,
      async run(lab) {
        const stream = open(lab, 'long', '/slow-5');
        stream.on('text', () => stream.abort());
        await stream.finalMessage();
      },
      events: [{ ...asked, ...subject.partial, outcome: 'aborted' }],
      check: ({ thrown }) => expect(thrown.constructor.name).toBe('APIUserAbortError'),
    },
    {
      title: `${path}.stream() of a failing call rejects as it did`,
      run: (lab) => open(lab, 'hello', '/529-99').finalMessage(),
      events: [{ ...asked, outcome: 'error', http_status: 529, streaming: true }],
      check: ({ thrown }) => expect(thrown.status).toBe(529),
    },
  ];
}

/** `beta.messages.toolRunner()`: one event a turn. */
export function toolRunnerDoors(subject: Subject): Door[] {
  const asked = { ...subject.asked, method: 'beta.messages.create', outcome: 'ok' };
  return [false, true].map((stream) => ({
    title: `beta.messages.toolRunner() is one event a turn${stream ? ', streamed' : ''}`,
    async run({ connect }) {
      const seen: unknown[] = [];
      const run = (input: any): Promise<string> => Promise.resolve(`${input.city}: ${seen.push(input)}`);
      const tools = [{ ...weather, run, parse: (input: unknown) => input }];
      const turns: unknown[] = [];
      for await (const turn of connect().beta.messages.toolRunner(request('weather', { tools, stream }))) {
        turns.push(stream ? await turn.finalMessage() : turn);
      }
      return { turns, seen };
    },
    events: [
      { ...asked, streaming: stream, finish_reason: 'tool_use', tool_calls: toolCalls },
      {
        ...asked,
        streaming: stream,
        finish_reason: 'end_turn',
        tool_calls: undefined,
        output: 'Hello from the stand-in.',
      },
    ],
    check: ({ value }) => expect(value.seen).toEqual([{ city: 'Paris' }, { city: 'Tokyo' }]),
  }));
}

/** `messages.parse()`, with formats that fit the answer and that do not. */
export function parseDoors(subject: Subject, formats: { fits: unknown; misfits: unknown }): Door[] {
  return ['messages', 'beta.messages'].flatMap((path): Door[] => {
    const parsed = {
      ...subject.asked,
      ...subject.whole,
      method: `${path}.create`,
      output: '{"city":"Paris","celsius":18}',
    };
    const body = (format: unknown): object => request('json', { output_config: { format } });
    return [
      {
        title: `${path}.parse() gives the parsed answer`,
        run: ({ connect }) => at(connect(), path).parse(body(formats.fits)),
        events: [{ ...parsed, response_format: 'json_schema' }],
        check: ({ value }) => expect(value.parsed_output).toEqual({ city: 'Paris', celsius: 18 }),
      },
      {
        title: `${path}.parse() with a schema that does not fit rejects, and the tokens it cost are in the event`,
        run: ({ connect }) => at(connect(), path).parse(body(formats.misfits)),
        events: [parsed],
        check: ({ thrown }) => expect(String(thrown)).toContain('Failed to parse structured output'),
      },
    ];
  });
}

/** Message threads take the unparsed response out of the promise of `create`, and parse it in one of their own. */
export function threadDoors(subject: Subject): Door[] {
  const beta = { method: 'beta.messages.create' };
  const thread = (client: any): any => client.beta.messages.thread({ model, max_tokens: 64 });
  return [
    {
      title: 'beta.messages.thread().send()',
      run: ({ connect }) => thread(connect()).send({ role: 'user', content: 'hello' }),
      events: [{ ...subject.asked, ...subject.whole, ...beta }],
    },
    {
      title: 'beta.messages.thread().stream() gives its events and its final message',
      async run({ connect }) {
        const stream = thread(connect()).stream({ role: 'user', content: 'hello' });
        const events = await readAll(stream);
        return { events, final: await stream.finalMessage() };
      },
      events: [{ ...subject.asked, ...subject.streamed, ...beta }],
      check: ({ value }) => expect(value.events.length).toBeGreaterThan(4),
    },
    {
      title: 'beta.messages.thread().stream() can be left',
      async run({ connect }) {
        const stream = thread(connect('/slow-5')).stream({ role: 'user', content: 'long' });
        for await (const event of stream) if (event.type === 'content_block_delta') break;
        await stream.done().catch(() => undefined);
        return { aborted: stream.aborted, ended: stream.ended };
      },
      events: [{ ...subject.asked, ...subject.partial, ...beta, outcome: 'aborted' }],
    },
    {
      title: 'beta.messages.thread().stream() whose connection breaks rejects as it did',
      async run({ connect }) {
        const stream = thread(connect('/cut-5')).stream({ role: 'user', content: 'long' });
        await stream.finalMessage();
      },
      events: [{ ...subject.asked, ...subject.partial, ...beta, outcome: 'error' }],
      check: ({ thrown }) => expect(thrown.message).toEqual(expect.any(String)),
    },
  ];
}

/** The old `completions.create`, gone in version 1. */
export function completionDoors({ asked }: Subject): Door[] {
  const old = {
    ...asked,
    operation: 'text_completion',
    method: 'completions.create',
    outcome: 'ok',
    output: 'Hello from the stand-in.',
  };
  const body = { model, prompt: 'hello', max_tokens_to_sample: 9 };
  return [
    {
      title: 'completions.create()',
      run: ({ connect }) => connect().completions.create(body),
      events: [{ ...old, input: 'hello', max_tokens: 9, streaming: false }],
    },
    {
      title: 'completions.create() streams',
      run: async ({ connect }) => readAll(await connect().completions.create({ ...body, stream: true })),
      events: [{ ...old, streaming: true }],
    },
  ];
}
