import type { Door, Lab, Subject } from './describe-patch';
import { inputOf } from './bedrock-subject';
import { readAll } from './stream-doors';

/* eslint-disable @typescript-eslint/no-explicit-any -- one contract over the types of several generations */

const tools = { toolConfig: { tools: [{ toolSpec: { name: 'get_weather', inputSchema: { json: {} } } }] } };
const called = {
  outcome: 'ok',
  output: undefined,
  finish_reason: 'tool_use',
  tool_count: 1,
  tool_calls: ['Paris', 'Tokyo'].map((city) => ({ name: 'get_weather', arguments: JSON.stringify({ city }) })),
};

/** The doors of `send` that other SDKs do not have. */
export function sendDoors(subject: Subject): Door[] {
  const { ask, openStream, exports: sdk } = subject;
  const whole = { ...subject.asked, ...subject.whole };
  const streamed = { ...subject.asked, ...subject.streamed };
  const refused = { ...subject.asked, outcome: 'error', http_status: 400, error_code: 'ValidationException' };
  const converse = (prompt = 'hello', extra?: object): any => new sdk.ConverseCommand(inputOf(prompt, extra));
  return [
    ...[[], [{}]].map((options) => ({
      title: `send(command, ${options.length ? 'options, ' : ''}callback) tells the callback and gives nothing back`,
      run: ({ connect }: Lab) => toldTo((callback) => connect().send(converse(), ...options, callback)),
      events: [whole],
      check({ value }: { value: any }): void {
        expect(value).toMatchObject({ returned: undefined, told: [null, { stopReason: 'end_turn' }] });
      },
    })),
    {
      title: 'a callback is told the error that a promise would have been rejected with',
      run: ({ connect }) => toldTo((callback) => connect('/400-99').send(converse(), callback)),
      events: [{ ...refused, method: 'converse' }],
      check: ({ value }) => expect(value.told).toHaveLength(1),
    },
    {
      title: 'a stream that a callback was given is watched',
      async run({ connect }) {
        const command = new sdk.ConverseStreamCommand(inputOf('hello'));
        const { told } = await toldTo((callback) => connect().send(command, callback));
        return readAll(told[1].stream);
      },
      events: [streamed],
    },
    {
      title: 'a callback that throws does what it did',
      async run({ connect }) {
        let calls = 0;
        await toldTo((callback) =>
          connect().send(converse(), (...told: unknown[]) => {
            calls += 1;
            callback(...told);
            throw new Error('of the caller');
          }),
        );
        return calls;
      },
      events: [whole],
      check: ({ value }) => expect(value).toBe(1),
    },
    {
      title: 'a command that is sent twice is two events, and the command is what it was',
      async run({ connect }) {
        const client = connect();
        const command = converse();
        const before = JSON.stringify([command.input, command.middlewareStack.identify()]);
        const answers = await Promise.all([client.send(command), client.send(command)]);
        return { answers, before, stack: client.middlewareStack.identify() };
      },
      events: [whole, whole],
    },
    {
      // traceloop and Sentry wrote into the caller's arguments: "object is not extensible".
      title: 'frozen arguments are fine, and stay what they were',
      run({ connect }) {
        const input = Object.freeze(inputOf('hello', { messages: Object.freeze(inputOf('hello').messages) }));
        return connect().send(new sdk.ConverseCommand(input), Object.freeze({}));
      },
      events: [whole],
    },
    {
      title: 'the methods of BedrockRuntime go through send() and are one event each',
      async run(lab) {
        const client = aggregated(lab, sdk);
        const promised = await client.converse(inputOf('hello'));
        const { told } = await toldTo((callback) => client.converse(inputOf('hello'), callback));
        const { stream } = await client.converseStream(inputOf('hello'), {});
        return { promised, told, chunks: await readAll(stream) };
      },
      events: [whole, whole, streamed],
    },
    {
      title: 'no command at all throws as it did',
      run: ({ connect }) => connect().send(),
      events: [],
      check: ({ thrown }) => expect(thrown.constructor.name).toBe('TypeError'),
    },
    {
      title: 'a command that is no call of a model is no event',
      run: ({ connect }) =>
        connect().send(new sdk.ApplyGuardrailCommand({ guardrailIdentifier: 'g', guardrailVersion: '1' })),
      events: [],
      check: ({ thrown }) => expect(thrown.$metadata.httpStatusCode).toBe(404),
    },
    {
      title: 'a retry inside the SDK is counted in the one event of its call',
      run: ({ connect }) => ask(connect('/429-1', { maxRetries: 2 }), 'hello'),
      events: [{ ...whole, retry_count: 1 }],
    },
    {
      title: 'a streamed call is retried the same',
      run: async ({ connect }) => readAll(await openStream?.(connect('/503-2', { maxRetries: 2 }), 'hello')),
      events: [{ ...streamed, retry_count: 2 }],
    },
    {
      title: 'retries that are used up are one failed event',
      run: ({ connect }) => ask(connect('/429-98', { maxRetries: 2 }), 'hello'),
      events: [
        { ...subject.asked, outcome: 'error', http_status: 429, retry_count: 2, error_code: 'ThrottlingException' },
      ],
      check: ({ thrown }) => expect(thrown.name).toBe('ThrottlingException'),
    },
    {
      title: 'parallel tool calls do not merge',
      run: ({ connect }) => ask(connect(), 'weather', tools),
      events: [{ ...subject.asked, ...called, streaming: false }],
    },
    {
      title: 'parallel tool calls do not merge, streamed',
      run: async ({ connect }) => readAll(await openStream?.(connect(), 'weather', tools)),
      events: [{ ...subject.asked, ...called, streaming: true }],
    },
    {
      title: 'an exception in the middle of a stream is the error of the loop',
      run: async ({ connect }) => readAll(await openStream?.(connect(), 'fail')),
      events: [{ ...subject.asked, ...subject.partial, outcome: 'error', error_type: 'ModelStreamErrorException' }],
      check({ thrown }, [event]) {
        expect(thrown.name).toBe('ModelStreamErrorException');
        expect(event?.['error']).toBe(thrown.message);
        expect(event?.['output']).toBe('Hello from the stand-in.'.slice(0, 24));
      },
    },
  ];
}

/** `BedrockRuntime` has a method for each command. */
function aggregated({ connect }: Lab, sdk: any): any {
  return connect('', {}, () => sdk.BedrockRuntime);
}

/** What a callback was told, and what the call gave back. */
export async function toldTo(call: (callback: (...told: unknown[]) => void) => unknown): Promise<any> {
  let returned: unknown = 'nothing yet';
  const told = await new Promise<unknown[]>((resolve) => {
    returned = call((...all) => resolve(all));
  });
  return { returned, told };
}
