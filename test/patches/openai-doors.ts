import { z } from 'zod';
import type { Door, Lab, Subject } from './describe-patch';
import { readAll } from './stream-doors';

/* eslint-disable @typescript-eslint/no-explicit-any -- one contract over the types of many SDK majors */

export const model = 'gpt-4o-mini';
export const usage = {
  input_tokens: 20,
  output_tokens: 12,
  total_tokens: 32,
  cached_input_tokens: 8,
  reasoning_tokens: 4,
};
export const place = z.object({ city: z.string(), celsius: z.number() });
export const misfit = z.object({ city: z.number() });
export const json = '{"city":"Paris","celsius":18}';

export interface Major {
  /** Where `parse`, `stream` and `runTools` of chat completions are. */
  readonly chat: 'chat' | 'beta.chat';
  readonly zod: {
    zodResponseFormat(schema: unknown, name: string): unknown;
    zodTextFormat(schema: unknown, name: string): unknown;
  };
  readonly hasBetaResponses: boolean;
  readonly usesNodeFetch: boolean;
}

/** The helpers of chat completions, which all go through `chat.completions.create`. */
export function chatDoors(subject: Subject, { chat, zod }: Major): Door[] {
  const whole = { ...subject.asked, ...subject.whole };
  const streamed = { ...subject.asked, ...subject.streamed };
  const completions = ({ connect }: Lab, faults?: string): any => at(connect(faults), `${chat}.completions`);
  const request = (prompt: string, extra: object = {}): object => ({
    model,
    messages: [{ role: 'user', content: prompt }],
    ...extra,
  });
  const parsing = (schema: unknown): object =>
    request('json', { response_format: zod.zodResponseFormat(schema, 'place') });
  const parsed = { ...whole, output: json, response_format: 'json_schema' };
  const parse = `${chat}.completions.parse()`;
  return [
    {
      // opentelemetry-js-contrib#3586, newrelic#4171: "Body is unusable: Body has already been read".
      title: `${parse} gives the parsed answer`,
      run: (lab) => completions(lab).parse(parsing(place)),
      events: [parsed],
      check: ({ value }) => expect(value.choices[0].message.parsed).toEqual({ city: 'Paris', celsius: 18 }),
    },
    {
      title: `${parse} with withResponse()`,
      run: (lab) => completions(lab).parse(parsing(place)).withResponse(),
      events: [parsed],
      check: ({ value }) => expect(value.data.choices[0].message.parsed).toEqual({ city: 'Paris', celsius: 18 }),
    },
    {
      title: `${parse} awaited twice is parsed once`,
      async run(lab) {
        const promise = completions(lab).parse(parsing(place));
        return { same: (await promise) === (await promise) };
      },
      events: [parsed],
      check: ({ value }) => expect(value.same).toBe(true),
    },
    {
      title: `${parse} with a schema that does not fit rejects, and the tokens it cost are in the event`,
      run: (lab) => completions(lab).parse(parsing(misfit)),
      events: [parsed],
      check: ({ thrown }) => expect(thrown.constructor.name).toBe('ZodError'),
    },
    {
      title: `${parse} of a failing call rejects as it did`,
      run: (lab) => completions(lab, '/400-99').parse(parsing(place)),
      events: [{ ...subject.asked, outcome: 'error', http_status: 400 }],
      check: ({ thrown }) => expect(thrown.status).toBe(400),
    },
    {
      title: `${parse} then asResponse()`,
      run: async (lab) => (await completions(lab).parse(parsing(place)).asResponse()).text(),
      events: [{ ...subject.asked, outcome: 'raw' }],
    },
    {
      title: `${chat}.completions.stream() gives its events and its final answer`,
      async run(lab) {
        const stream = completions(lab).stream(request('hello'));
        const seen: unknown[] = [];
        for (const name of ['content', 'chunk', 'end'])
          stream.on(name, (...args: unknown[]) => seen.push([name, ...args]));
        return { final: await stream.finalChatCompletion(), seen };
      },
      events: [streamed],
    },
    {
      title: `${chat}.completions.stream() can be iterated and left`,
      async run(lab) {
        const stream = completions(lab, '/slow-5').stream(request('long'));
        for await (const chunk of stream) if (chunk.choices[0]?.delta.content) break;
        await stream.done().catch(() => undefined);
        return { aborted: stream.aborted, ended: stream.ended, errored: stream.errored };
      },
      events: [{ ...subject.asked, ...subject.partial, outcome: 'aborted' }],
    },
    {
      title: `${chat}.completions.stream() of a failing call rejects as it did`,
      run: (lab) => completions(lab, '/500-99').stream(request('hello')).finalChatCompletion(),
      events: [{ ...subject.asked, outcome: 'error', http_status: 500, streaming: true }],
    },
    ...[false, true].map((stream): Door => ({
      title: `${chat}.completions.runTools() is one event a turn${stream ? ', streamed' : ''}`,
      async run(lab) {
        const seen: unknown[] = [];
        const run = (args: { city: string }): string => `${args.city}: ${seen.push(args)}`;
        const tool = { name: 'get_weather', parse: JSON.parse, function: run, parameters: {}, description: 'weather' };
        const tools = [{ type: 'function', function: tool }];
        const runner = completions(lab).runTools(request('weather', { tools, stream }));
        return { content: await runner.finalContent(), seen, messages: runner.messages };
      },
      events: [
        {
          ...subject.asked,
          streaming: stream,
          outcome: 'ok',
          finish_reason: 'tool_calls',
          tool_calls: toolCalls,
          message_count: 1,
        },
        { ...(stream ? streamed : whole), tool_calls: undefined, message_count: 4 },
      ],
      check: ({ value }) =>
        expect(value).toMatchObject({
          content: 'Hello from the stand-in.',
          seen: [{ city: 'Paris' }, { city: 'Tokyo' }],
        }),
    })),
    {
      title: 'parallel tool calls of a stream do not merge',
      run: async ({ connect }) => readAll(await subject.ask(connect(), 'weather', { stream: true, tools: [weather] })),
      events: [
        {
          ...subject.asked,
          outcome: 'ok',
          tool_count: 1,
          tool_call_count: 2,
          tool_calls: toolCalls,
          finish_reason: 'tool_calls',
        },
      ],
    },
    {
      title: 'n = 2 is one event with both answers',
      run: async ({ connect }) => readAll(await subject.ask(connect(), 'hello', { stream: true, n: 2 })),
      events: [{ ...streamed, output: 'Hello from the stand-in.\nHello from the stand-in.' }],
    },
    {
      title: 'a stream that reports its usage has the tokens in the event',
      run: async ({ connect }) =>
        readAll(await subject.ask(connect(), 'hello', { stream: true, stream_options: { include_usage: true } })),
      events: [{ ...streamed, ...usage }],
    },
    {
      title: 'arguments that the SDK can not read fail when and as they did',
      run({ connect }) {
        const client = connect();
        return Promise.all([undefined, null].map((body) => failureOf(() => client.chat.completions.create(body))));
      },
      events: [{}, {}].map(() => ({
        method: 'chat.completions.create',
        outcome: 'error',
        error_type: 'TypeError',
        http_status: undefined,
      })),
      check: ({ value }) => expect(value[0].error.constructor.name).toBe('TypeError'),
    },
  ];
}

const weather = { type: 'function', function: { name: 'get_weather', parameters: {} } };
export const toolCalls = ['Paris', 'Tokyo'].map((city) => ({
  name: 'get_weather',
  arguments: JSON.stringify({ city }),
}));

/** How a call fails, and when: thrown at once, or by the promise. */
export async function failureOf(call: () => unknown): Promise<{ at: string; error?: unknown }> {
  let promise: unknown;
  try {
    promise = call();
  } catch (error) {
    return { at: 'once', error };
  }
  return Promise.resolve(promise).then(
    () => ({ at: 'never' }),
    (error: unknown) => ({ at: 'later', error }),
  );
}

export function at(client: any, path: string): any {
  return path.split('.').reduce((owner, name) => owner[name], client);
}
