import Anthropic from '@anthropic-ai/sdk';
import * as bedrock from '@aws-sdk/client-bedrock-runtime';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import * as huggingface from '@huggingface/inference';
import OpenAI from 'openai';
import {
  annotate,
  annotateClient,
  disableLlmTracing,
  enableLlmTracing,
  llmTracingStatus,
  withLlmContext,
  type LlmContext,
  type LlmEvent,
  type LlmTracingOptions,
} from '../../src';
import { startProviderServer, type ProviderServer } from '../support/start-provider';
import { readToEnd } from './every-sdk';

let server: ProviderServer;

beforeAll(async () => {
  server = await startProviderServer();
});
afterAll(() => server.close());
afterEach(() => disableLlmTracing());

const modules = { openai: OpenAI, anthropic: Anthropic };
const hello = { model: 'gpt-5', messages: [{ role: 'user' as const, content: 'hello' }] };
const connect = (): OpenAI => new OpenAI({ apiKey: 'k', baseURL: `${server.url}/v1`, maxRetries: 0 });
const userOf = (event: LlmEvent | undefined): unknown => event?.user_id;

async function eventsOf(run: () => unknown, options: LlmTracingOptions = {}): Promise<LlmEvent[]> {
  const events: LlmEvent[] = [];
  const client = { track: (event: LlmEvent) => void events.push(event) };
  const handle = enableLlmTracing(client, { noWarning: true, deviceId: 'device-1', modules, ...options });
  await run();
  await handle.flush();
  handle.disable();
  return events;
}

describe('annotate', () => {
  it('gives back the same object, with nothing on it, frozen or not', () => {
    const request = Object.freeze({ ...hello });
    expect(annotate(request, { userId: 'user-1' })).toBe(request);
    expect(Reflect.ownKeys(request)).toEqual(['model', 'messages']);
  });

  it('sends not one byte of it to the provider', async () => {
    const openai = annotateClient(connect(), { properties: { where: 'canary-of-client' } });
    const request = annotate({ ...hello }, { userId: 'canary-user', properties: { what: 'canary-of-call' } });
    const [event] = await eventsOf(() => openai.chat.completions.create(request));
    expect(event).toMatchObject({
      user_id: 'canary-user',
      event_properties: { where: 'canary-of-client', what: 'canary-of-call' },
    });
    expect(JSON.stringify(server.requests.at(-1))).not.toContain('canary');
  });

  it('is harmless while tracing is off, and holds when it is on later', async () => {
    const request = annotate({ ...hello }, { userId: 'user-before' });
    await connect().chat.completions.create(request);
    const [event] = await eventsOf(() => connect().chat.completions.create(request));
    expect(userOf(event)).toBe('user-before');
  });

  it('said twice, adds up; what is said last holds', async () => {
    const request = annotate({ ...hello }, { userId: 'user-one', properties: { a: 1, b: 1 } });
    annotate(request, { userId: 'user-two', properties: { b: 2 } });
    const [event] = await eventsOf(() => connect().chat.completions.create(request));
    expect(event).toMatchObject({ user_id: 'user-two', event_properties: { a: 1, b: 2 } });
  });

  it('of the context it is made in, of a client and of a call, what is closest to the call holds', async () => {
    const openai = annotateClient(connect(), { userId: 'user-client', properties: { client: 1, who: 'client' } });
    const context = { userId: 'user-context', properties: { context: 1, who: 'context' } };
    const [event] = await eventsOf(
      () =>
        withLlmContext(context, () =>
          openai.chat.completions.create(annotate({ ...hello }, { properties: { call: 1, who: 'call' } })),
        ),
      { userId: 'user-options' },
    );
    expect(event).toMatchObject({
      user_id: 'user-context',
      event_properties: { client: 1, context: 1, call: 1, who: 'call' },
    });
  });

  it.each(['client', 'context', 'options'])('can not take back the privacy of the %s', async (where) => {
    const isIn = (place: string): LlmContext => (where === place ? { privacyMode: true } : {});
    const openai = annotateClient(connect(), isIn('client'));
    const request = annotate({ ...hello }, { privacyMode: false, includePrompts: true });
    const [event] = await eventsOf(
      () => withLlmContext(isIn('context'), () => openai.chat.completions.create(request)),
      where === 'options' ? { privacyMode: true } : {},
    );
    expect(JSON.stringify(event)).not.toContain('hello');
    expect(event?.event_properties['output_tokens']).toBe(12);
  });

  it('with privacyMode keeps the text of that one call', async () => {
    const [one, two] = await eventsOf(async () => {
      await connect().chat.completions.create(annotate({ ...hello }, { privacyMode: true }));
      await connect().chat.completions.create({ ...hello });
    });
    expect(JSON.stringify(one)).not.toMatch(/hello|Hello/);
    expect(JSON.stringify(two)).toMatch(/hello/);
  });

  it('holds for the options of a call as for its parameters', async () => {
    const options = annotate({ timeout: 5_000 }, { userId: 'user-of-options' });
    const [event] = await eventsOf(() => connect().chat.completions.create({ ...hello }, options));
    expect(userOf(event)).toBe('user-of-options');
  });

  it.each<[string, () => unknown]>([
    ['no context', () => annotate({ ...hello }, undefined as unknown as LlmContext)],
    ['a wrong field', () => annotate({ ...hello }, { userId: 5 } as unknown as LlmContext)],
    ['an unknown field', () => annotate({ ...hello }, { user: 'user-1' } as LlmContext)],
    ['no object', () => annotate('gpt-5' as unknown as object, { userId: 'user-1' })],
    ['a client that is none', () => annotateClient(undefined as unknown as object, { userId: 'user-1' })],
    [
      'a field that throws',
      () =>
        annotate(
          { ...hello },
          {
            get userId(): string {
              throw new Error('of the getter');
            },
          },
        ),
    ],
  ])('with %s throws nothing, and is counted', async (_what, run) => {
    await eventsOf(() => {
      const before = llmTracingStatus().counters.internalErrors;
      expect(run).not.toThrow();
      expect(llmTracingStatus().counters.internalErrors).toBe(before + 1);
    });
  });

  it('forgets with the object: nothing is held', async () => {
    const references: WeakRef<object>[] = [];
    await eventsOf(async () => {
      for (let at = 0; at < 3; at++) {
        const openai = annotateClient(connect(), { userId: 'user-1' });
        const request = annotate({ ...hello }, { userId: 'user-2' });
        references.push(new WeakRef(openai), new WeakRef(request));
        await openai.chat.completions.create(request);
      }
    });
    for (let turn = 0; turn < 50 && references.some((each) => each.deref()); turn++) {
      await new Promise((resolve) => setTimeout(resolve, 20));
      (globalThis as { gc?: () => void }).gc?.();
    }
    if ((globalThis as { gc?: () => void }).gc) expect(references.filter((each) => each.deref())).toEqual([]);
  });
});

describe('annotateClient', () => {
  it('works on a frozen client, whose copies then know nothing of it, which is told', async () => {
    const openai = Object.freeze(connect());
    const problems: string[] = [];
    const events = await eventsOf(
      () => {
        problems.length = 0;
        expect(annotateClient(openai, { userId: 'user-1' })).toBe(openai);
        return openai.chat.completions.create({ ...hello });
      },
      { onError: (error) => problems.push(String(error)) },
    );
    expect(events.map(userOf)).toEqual(['user-1']);
    expect(problems).toEqual([expect.stringMatching(/withOptions can not be replaced/)]);
  });
});

describe('a command of Bedrock', () => {
  const credentials = { accessKeyId: 'none', secretAccessKey: 'none' };
  const input = {
    modelId: 'amazon.nova-lite-v1:0',
    messages: [{ role: 'user' as const, content: [{ text: 'hello' }] }],
  };

  it('carries what was said of its input, also where BedrockRuntime makes it', async () => {
    const client = new bedrock.BedrockRuntime({
      ...{ region: 'us-east-1', endpoint: server.url, credentials, requestHandler: new NodeHttpHandler() },
    });
    const events = await eventsOf(() => client.converse(annotate({ ...input }, { userId: 'user-of-input' })), {
      modules: { bedrock },
    });
    expect(events.map(userOf)).toEqual(['user-of-input']);
  });
});

describe('a function of Hugging Face', () => {
  it('carries what was said of its parameters, whole and streamed', async () => {
    const { chatCompletion, chatCompletionStream } = huggingface;
    const sdk = { chatCompletion, chatCompletionStream };
    const request = { ...hello, endpointUrl: `${server.url}/v1` };
    const events = await eventsOf(
      async () => {
        await sdk.chatCompletion(annotate({ ...request }, { userId: 'user-whole' }));
        await readToEnd(sdk.chatCompletionStream(annotate({ ...request }, { userId: 'user-stream' })));
      },
      { modules: { huggingface: sdk } },
    );
    expect(events.map(userOf)).toEqual(['user-whole', 'user-stream']);
  });
});
