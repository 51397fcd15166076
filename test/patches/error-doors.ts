import type { Door, Expected, Subject } from './describe-patch';

/* eslint-disable @typescript-eslint/no-explicit-any -- one contract over the types of many SDK majors */

/** With node-fetch, which openai 4 and Anthropic's 0.3x use, such a call never ends, traced or not. */
export const brokenBody = 'an answer that breaks off in its body rejects as it did';

/** The ways in which a call can fail: the very error of the SDK reaches the caller. */
export function errorDoors(subject: Subject): Door[] {
  const { ask } = subject;
  const failed: Expected = { ...subject.asked, outcome: 'error', output: undefined, input_tokens: undefined };
  const refused = (status: number): Expected => ({
    ...failed,
    http_status: status,
    request_id: 'req_standin',
    retry_count: 0,
  });
  return [
    ...[400, 401, 429, 500, 529].map((status) => ({
      title: `HTTP ${status} rejects with the SDK's own error`,
      run: ({ connect, errors }: Parameters<Door['run']>[0]) => caught(ask(connect(`/${status}-99`), 'hello'), errors),
      events: [refused(status)],
      check({ value }: { value: any }, [event]: readonly Expected[]): void {
        expect(value.isTheSdksOwn).toBe(true);
        expect(event?.['error_type']).toBe(value.error.constructor.name);
        expect(event?.['error']).toBe(value.error.message);
      },
    })),
    ...['withResponse', 'asResponse'].map((method) => ({
      title: `${method}() rejects with the SDK's own error`,
      run: ({ connect, errors }: Parameters<Door['run']>[0]) =>
        caught(ask(connect('/400-99'), 'hello')[method](), errors),
      events: [refused(400)],
      check: ({ value }: { value: any }): void => expect(value.isTheSdksOwn).toBe(true),
    })),
    {
      title: 'catch() and finally() see the error once',
      async run({ connect, errors }) {
        const calls: unknown[] = [];
        const promise = ask(connect('/400-99'), 'hello');
        await promise.catch((error: unknown) => calls.push(error));
        await promise.finally(() => calls.push('finally')).catch((error: unknown) => calls.push(error));
        return { calls, isTheSdksOwn: calls[0] === errors[0] && calls[2] === errors[0] };
      },
      events: [refused(400)],
      check: ({ value }) => expect(value.isTheSdksOwn).toBe(true),
    },
    {
      title: 'a failing stream call rejects before there is a stream',
      run: ({ connect, errors }) => caught(ask(connect('/500-99'), 'hello', { stream: true }), errors),
      events: [{ ...refused(500), streaming: true }],
    },
    {
      // posthog and others reported HTTP 500 here.
      title: 'a refused connection is an error without a status',
      run: ({ connectToNobody }) => ask(connectToNobody(), 'hello'),
      events: [{ ...failed, http_status: undefined, request_id: undefined, error_type: 'APIConnectionError' }],
      check: ({ thrown }) => expect(thrown.constructor.name).toBe('APIConnectionError'),
    },
    {
      title: 'a timeout rejects as it did',
      run: ({ connect }) => ask(connect('/wait-500'), 'hello', {}, { timeout: 30 }),
      ignoresRequests: true,
      events: [{ ...failed, http_status: undefined }],
      // In Jest's realm some majors do not recognise the abort of their own timeout, and call it a connection error.
      check({ thrown }, [event]) {
        expect(thrown.constructor.name).toMatch(/^APIConnection(Timeout)?Error$/);
        expect(event?.['error_type']).toBe(thrown.constructor.name);
      },
    },
    {
      title: brokenBody,
      run: ({ connect }) => ask(connect('/cut-1'), 'hello'),
      events: [{ ...failed, request_id: 'req_standin' }],
      check: ({ thrown }) => expect(thrown.message).toEqual(expect.any(String)),
    },
    {
      title: 'a retry inside the SDK is counted in the one event of its call',
      run: ({ connect }) => ask(connect('/429-1', { maxRetries: 2 }), 'hello'),
      events: [{ ...subject.asked, ...subject.whole, retry_count: 1 }],
    },
    {
      title: 'a streamed call is retried the same',
      run: async ({ connect }) => {
        for await (const chunk of await ask(connect('/503-2', { maxRetries: 2 }), 'hello', { stream: true }))
          void chunk;
      },
      events: [{ ...subject.asked, ...subject.streamed, retry_count: 2 }],
    },
    {
      title: 'retries that are used up are one failed event',
      run: ({ connect, errors }) => caught(ask(connect('/429-98', { maxRetries: 2 }), 'hello'), errors),
      events: [{ ...refused(429), retry_count: 2 }],
    },
    {
      title: 'calls at the same time count their own retries',
      // Which of them arrives first is chance.
      ignoresRequests: true,
      run({ connect }) {
        const [bad, good] = [connect('/429-2', { maxRetries: 2 }), connect('', { maxRetries: 2 })];
        return Promise.all([ask(good, 'hello'), ask(bad, 'hello'), ask(good, 'hello')]);
      },
      events: [0, 0, 2].map((count) => ({ ...subject.asked, ...subject.whole, retry_count: count })),
    },
  ];
}

async function caught(promise: Promise<unknown>, errors: readonly unknown[]): Promise<unknown> {
  try {
    return { value: await promise };
  } catch (error) {
    return { error, isTheSdksOwn: error === errors.at(-1) };
  }
}
