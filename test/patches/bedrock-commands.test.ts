import type * as Bedrock from '@aws-sdk/client-bedrock-runtime';
import { enableLlmTracing, type LlmEvent } from '../../src';
import { bedrock } from '../../src/patches/bedrock';
import { responseHeadersOf } from '../../src/watch-responses';
import { configOf, inputOf, model } from './bedrock-subject';
import { startProviderServer } from '../support/start-provider';

/* eslint-disable @typescript-eslint/no-explicit-any -- two generations of the SDK, and what a bundler makes of them */

const names = ['@aws-sdk/client-bedrock-runtime', 'bedrock-runtime-3.6xx'];

let server: Awaited<ReturnType<typeof startProviderServer>>;
beforeAll(async () => {
  server = await startProviderServer();
});
afterAll(() => server.close());

describe.each(names)('%s', (name) => {
  it('is patched on its own client only: the base class of all AWS clients is what it was', () => {
    const sdk = freshCopy(name);
    const base = sdk.__Client.prototype;
    const before = descriptorsOf(base);
    const tracing = enable(sdk);
    expect(descriptorsOf(base)).toEqual(before);
    expect(base.send).not.toBe(sdk.BedrockRuntimeClient.prototype.send);
    expect(Object.hasOwn(sdk.BedrockRuntimeClient.prototype as object, 'send')).toBe(true);
    tracing.disable();
    expect(Object.hasOwn(sdk.BedrockRuntimeClient.prototype as object, 'send')).toBe(false);
    expect(sdk.BedrockRuntimeClient.prototype.send).toBe(base.send);
  });

  it('gives the commands back as they were', () => {
    const sdk = freshCopy(name);
    const owner = sdk.InvokeModelCommand.prototype as object;
    const inherited = Object.getPrototypeOf(owner);
    const before = [descriptorsOf(owner), descriptorsOf(inherited)];
    const tracing = enable(sdk);
    expect(descriptorsOf(owner)).not.toEqual(before[0]);
    expect(descriptorsOf(inherited)).toEqual(before[1]);
    tracing.disable();
    expect([descriptorsOf(owner), descriptorsOf(inherited)]).toEqual(before);
  });

  it('keeps no headers of what a handler answers that a client has kept from before disabling', async () => {
    const sdk = freshCopy(name);
    const client = new sdk.BedrockRuntimeClient(configOf(server.url, { cacheMiddleware: true }));
    const body = JSON.stringify({ message: 'hello' });
    const send = (): Promise<any> =>
      client.send(
        new sdk.InvokeModelCommand({ modelId: 'cohere.command-r-v1:0', contentType: 'application/json', body }),
      );
    const tracing = enable(sdk);
    expect(responseHeadersOf(await send())?.get('x-amzn-bedrock-output-token-count')).toBe('12');
    await tracing.flush();
    expect(tracing.events[0]?.event_properties['output_tokens']).toBe(12);
    tracing.disable();
    const answer = await send();
    expect(answer.$metadata.httpStatusCode).toBe(200);
    expect(responseHeadersOf(answer)).toBeUndefined();
    expect(tracing.events).toHaveLength(1);
  });

  // [exp] a bundle of esbuild: hooks 0, the module given by hand 1, and the names of classes are one letter.
  it.each([
    ['all of its exports are given', (sdk: any) => sdk],
    ['the class of the client alone is given', (sdk: any) => sdk.BedrockRuntimeClient],
  ])('knows the commands of a bundle, whose classes have lost their names, where %s', async (_how, given) => {
    const sdk = freshCopy(name);
    for (const value of Object.values(sdk)) if (typeof value === 'function') loseName(value);
    const client = new sdk.BedrockRuntimeClient(configOf(server.url));
    const tracing = enable(given(sdk));
    await client.send(new sdk.ConverseCommand(inputOf('hello')));
    await readAll((await client.send(new sdk.ConverseStreamCommand(inputOf('hello')))).stream);
    const body = JSON.stringify({ prompt: 'hello' });
    const native = { modelId: 'meta.llama3', contentType: 'application/json', body };
    await client.send(new sdk.InvokeModelCommand(native));
    await readAll((await client.send(new sdk.InvokeModelWithResponseStreamCommand(native))).body);
    const guardrail = { guardrailIdentifier: 'g', guardrailVersion: '1', source: 'INPUT', content: [] };
    await client.send(new sdk.ApplyGuardrailCommand(guardrail)).catch(() => undefined);
    await tracing.flush();
    tracing.disable();
    const told = tracing.events.map(({ event_properties: { model: asked, streaming, output } }) => ({
      model: asked,
      streaming,
      output,
    }));
    const output = 'Hello from the stand-in.';
    expect(told).toEqual([
      { model, streaming: false, output },
      { model, streaming: true, output },
      { model: 'meta.llama3', streaming: false, output },
      { model: 'meta.llama3', streaming: true, output },
    ]);
  });
});

it('leaves alone what is no such client', () => {
  for (const odd of [undefined, null, {}, { BedrockRuntimeClient: 1 }, { BedrockRuntimeClient: class {} }, () => 1]) {
    expect(bedrock.methods(odd)).toEqual([]);
  }
});

it('leaves alone what is no such command', () => {
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- a real SDK, as `modules` is given it
  const [method] = bedrock.methods(require('@aws-sdk/client-bedrock-runtime') as typeof Bedrock);
  const others = [undefined, null, 1, 'ConverseCommand', {}, { input: {} }, { input: { modelId: 'm' } }];
  const speech = { input: { modelId: 'm', body: (async function* () {})() } };
  const later = new (class StartSomethingCommand {
    input = { modelId: 'm', messages: [] };
  })();
  for (const other of [...others, speech, later]) expect(method?.readerFor([other], {})).toBeUndefined();
});

function enable(given: any): { events: LlmEvent[]; flush(): Promise<void>; disable(): void } {
  const events: LlmEvent[] = [];
  const options = { modules: { bedrock: given }, noWarning: true };
  const handle = enableLlmTracing({ track: (event) => events.push(event) }, options);
  return { events, flush: () => handle.flush(), disable: () => handle.disable() };
}

/** A copy that no other test has patched, or taken the names from. */
function freshCopy(name: string): any {
  let copy: any;
  jest.isolateModules(() => {
    // eslint-disable-next-line @typescript-eslint/no-require-imports -- the generations are named in a table
    copy = { ...require(name) };
  });
  return copy;
}

function loseName(value: any): void {
  for (let owner = value; typeof owner === 'function' && owner.prototype; owner = Object.getPrototypeOf(owner)) {
    Object.defineProperty(owner, 'name', { value: 't', configurable: true });
  }
}

function descriptorsOf(owner: object): Record<PropertyKey, PropertyDescriptor> {
  return Object.getOwnPropertyDescriptors(owner);
}

async function readAll(stream: AsyncIterable<unknown>): Promise<void> {
  for await (const chunk of stream) void chunk;
}
