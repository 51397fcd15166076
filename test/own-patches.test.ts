import { definePatch, disableLlmTracing, enableLlmTracing, llmTracingStatus, reading, type LlmEvent } from '../src';

/** An SDK that is not built in: its answers have the wire format of OpenAI. */
class Acme {
  readonly host = 'acme.example';

  complete(request: { model: string; messages: object[] }): Promise<object> {
    const choices = [{ index: 0, message: { role: 'assistant', content: 'Hello' }, finish_reason: 'stop' }];
    return Promise.resolve({ id: 'a-1', model: request.model, choices, usage: { prompt_tokens: 3 } });
  }

  models(): Promise<string[]> {
    return Promise.resolve(['acme-1']);
  }
}

const patchOf = (provider: string): ReturnType<typeof definePatch> =>
  definePatch({
    name: 'acme',
    module: 'acme-llm',
    versions: '1',
    entryFiles: ['index'],
    methods: (exports: typeof Acme) => [
      {
        owner: exports.prototype,
        method: 'complete',
        readerFor: () => ({ ...reading.chatCompletions, method: 'complete' }),
      },
    ],
    servedBy: (self: Acme) => `${provider} at ${self.host}`,
  });
const original = Object.getOwnPropertyDescriptors(Acme.prototype);
const quiet = { noWarning: true, providers: [], modules: { acme: Acme } } as const;
let events: LlmEvent[];
const client = { track: (event: LlmEvent) => void events.push(event) };
const ask = (): Promise<object> =>
  new Acme().complete({ model: 'acme-1', messages: [{ role: 'user', content: 'Hi' }] });

beforeEach(() => {
  events = [];
});
afterEach(() => disableLlmTracing());

describe('a patch of the application', () => {
  it('makes one event of a call, and none of what is no call', async () => {
    const tracing = enableLlmTracing(client, { ...quiet, patches: [patchOf('acme')] });
    await ask();
    await new Acme().models();
    await tracing.flush();
    expect(events.map(({ event_properties: properties }) => properties)).toEqual([
      expect.objectContaining({
        provider: 'acme at acme.example',
        sdk: 'acme-llm',
        operation: 'chat_completion',
        method: 'complete',
        model: 'acme-1',
        input_tokens: 3,
        output: 'Hello',
        finish_reason: 'stop',
        outcome: 'ok',
      }),
    ]);
    expect(llmTracingStatus().sdks).toEqual([
      expect.objectContaining({ provider: 'acme', sdk: 'acme-llm', format: 'given', methods: 1 }),
    ]);
  });

  it('is taken out again, to the property descriptor', () => {
    enableLlmTracing(client, { ...quiet, patches: [patchOf('acme')] });
    expect(Acme.prototype.complete).not.toBe(original.complete.value);
    disableLlmTracing();
    expect(Object.getOwnPropertyDescriptors(Acme.prototype)).toEqual(original);
    expect(Acme.prototype.complete).toBe(original.complete.value);
  });

  it('is replaced by another of its name, without two events', async () => {
    enableLlmTracing(client, { ...quiet, patches: [patchOf('former')] });
    const tracing = enableLlmTracing(client, { ...quiet, patches: [patchOf('latter')] });
    await ask();
    await tracing.flush();
    expect(events.map(({ event_properties: properties }) => properties['provider'])).toEqual([
      'latter at acme.example',
    ]);
  });

  it('is out where the configuration that replaces it does not have it', async () => {
    enableLlmTracing(client, { ...quiet, patches: [patchOf('acme')] });
    const tracing = enableLlmTracing(client, { noWarning: true, providers: [] });
    await ask();
    await tracing.flush();
    expect(events).toEqual([]);
    expect(Acme.prototype.complete).toBe(original.complete.value);
  });

  it.each(['methods', 'servedBy'] as const)('never disturbs a call where its %s throws', async (part) => {
    const broken = {
      ...patchOf('acme'),
      [part]: () => {
        throw new Error('a bug of the patch');
      },
    };
    const tracing = enableLlmTracing(client, { ...quiet, patches: [broken] });
    expect(await ask()).toMatchObject({ id: 'a-1' });
    await tracing.flush();
    expect(llmTracingStatus().lastError).toContain('a bug of the patch');
    expect(events).toHaveLength(part === 'methods' ? 0 : 1);
  });
});
