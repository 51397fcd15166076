import {
  BedrockRuntimeClient,
  ConverseCommand,
  ConverseStreamCommand,
  InvokeModelCommand,
  InvokeModelWithResponseStreamCommand,
} from '@aws-sdk/client-bedrock-runtime';
import * as sdk from '@aws-sdk/client-bedrock-runtime';
import * as olderSdk from 'bedrock-runtime-3.6xx';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { drain } from '../gateways/send-through';
import { configOf } from '../patches/bedrock-subject';
import { startProviderServer, type ProviderServer } from '../support/start-provider';
import { traced } from '../support/traced-clients';
import { disableLlmTracing } from '../../src';
import { converseStream } from '../../src/patches/bedrock/converse';
import { limits } from '../readers/expect-facts';

/* eslint-disable @typescript-eslint/no-explicit-any -- what the service answers, and two generations of the SDK */

/** 10,000 tokens of input, 1,000 of output, and what else an answer says. */
let served: { body?: object; headers?: Record<string, string> } = {};
let service: Server;
let streams: ProviderServer;

beforeAll(async () => {
  service = createServer((request, response) => {
    const isConverse = request.url?.endsWith('/converse') === true;
    request.resume();
    for (const [name, value] of Object.entries(served.headers ?? {})) response.setHeader(name, value);
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ ...(isConverse ? conversed : invoked), ...served.body }));
  });
  await new Promise<void>((resolve) => service.listen(0, '127.0.0.1', resolve));
  streams = await startProviderServer();
});
afterAll(async () => {
  service.close();
  await streams.close();
});
afterEach(() => disableLlmTracing());

const conversed = {
  output: { message: { role: 'assistant', content: [{ text: 'hi' }] } },
  stopReason: 'end_turn',
  usage: { inputTokens: 10_000, outputTokens: 1_000, totalTokens: 11_000 },
  metrics: { latencyMs: 1 },
};
const invoked = {
  ...{ id: 'm', type: 'message', role: 'assistant', content: [{ type: 'text', text: 'hi' }] },
  ...{ stop_reason: 'end_turn', usage: { input_tokens: 10_000, output_tokens: 1_000 } },
};

const haiku = 'us.anthropic.claude-3-5-haiku-20241022-v1:0';
const messages = [{ role: 'user' as const, content: [{ text: 'x' }] }];

function clientIn(region: unknown, exports: any = sdk): BedrockRuntimeClient {
  const { port } = service.address() as AddressInfo;
  return new exports.BedrockRuntimeClient(configOf(`http://127.0.0.1:${port}`, { region }));
}

async function costOf(call: () => Promise<unknown>, answer: typeof served = {}): Promise<unknown> {
  served = answer;
  const { events } = await traced(call, { modules: { bedrock: [sdk, olderSdk] } as any });
  expect(events).toHaveLength(1);
  expect(events[0]).toMatchObject({ provider: 'aws_bedrock', outcome: 'ok' });
  return events[0]?.['cost'];
}

describe('a call to Bedrock', () => {
  const asked = { modelId: 'meta.llama3-70b-instruct-v1:0', messages };
  const converse = (client: BedrockRuntimeClient, exports: any = sdk): Promise<unknown> =>
    client.send(new exports.ConverseCommand(asked));

  it.each([
    ['us-east-1', 0.03],
    ['us-west-2', 0.03],
    ['eu-central-1', undefined],
    ['ap-south-1', undefined],
    ['us-gov-west-1', undefined],
  ])('has the price of the United States where it was sent there: %s', async (region, cost) => {
    // https://aws.amazon.com/bedrock/pricing: Llama 3 70B 2.65 and 3.50 in US East.
    const told = await costOf(() => converse(clientIn(region)));
    if (cost === undefined) expect(told).toBeUndefined();
    else expect(told).toBeCloseTo(cost, 11);
  });

  it('has it with an older SDK too, and with a region that is a function, which is asked once more', async () => {
    expect(await costOf(() => converse(clientIn('us-east-1', olderSdk), olderSdk))).toBeCloseTo(0.03, 11);
    let asks = 0;
    const client = clientIn(() => {
      asks += 1;
      return Promise.resolve('us-east-1');
    });
    await converse(client);
    const each = asks;
    asks = 0;
    expect(await costOf(() => converse(client))).toBeCloseTo(0.03, 11);
    expect(asks).toBe(each + 1);
    asks = 0;
    expect(await costOf(() => converse(client))).toBeCloseTo(0.03, 11);
    expect(asks).toBe(each);
  });

  it('fails as it would where its region cannot be found', async () => {
    const failing = (): Promise<string> =>
      converse(clientIn(() => Promise.reject(new Error('no region')))).then(
        () => 'answered',
        (error: Error) => error.message,
      );
    const bare = await failing();
    const { result, events } = await traced(failing, { modules: { bedrock: sdk } as any });
    expect([result, events[0]?.['outcome']]).toEqual([bare, 'error']);
  });
});

describe('latency-optimized inference at Bedrock', () => {
  const optimized = { latency: 'optimized' as const };
  const standard = 0.012; // https://aws.amazon.com/bedrock/pricing: 0.80 and 4.00; optimized 1.00 and 5.00.
  const converse = (): Promise<unknown> =>
    clientIn('us-east-2').send(new ConverseCommand({ modelId: haiku, messages, performanceConfig: optimized }));
  const invoke = (): Promise<unknown> =>
    clientIn('us-east-2').send(
      new InvokeModelCommand({ modelId: haiku, performanceConfigLatency: 'optimized', body: '{"messages":[]}' }),
    );
  const header = 'x-amzn-bedrock-performanceconfig-latency';

  it('has no price, and the standard one where the answer says that it served', async () => {
    expect(await costOf(converse, { body: { performanceConfig: optimized } })).toBeUndefined();
    expect(await costOf(converse, { body: { performanceConfig: { latency: 'standard' } } })).toBeCloseTo(standard, 11);
    expect(await costOf(invoke, { headers: { [header]: 'optimized' } })).toBeUndefined();
  });

  it('has no price in a stream', async () => {
    const usage = { inputTokens: 10, outputTokens: 1 };
    const event = { metadata: { usage, performanceConfig: optimized } };
    expect(converseStream.readChunk?.({}, event, limits).usage?.hasOtherCharges).toBe(true);
    const stream = (extra: object) => async (): Promise<void> => {
      const client = new BedrockRuntimeClient(configOf(streams.url));
      const input = { modelId: 'us.amazon.nova-lite-v1:0', body: JSON.stringify({ messages }), ...extra };
      const { body } = await client.send(new InvokeModelWithResponseStreamCommand(input));
      await drain(body as AsyncIterable<unknown>);
    };
    expect(await costOf(stream({}))).toBeGreaterThan(0);
    expect(await costOf(stream({ performanceConfigLatency: 'optimized' }))).toBeUndefined();
    expect(await costOf(stream({ serviceTier: 'flex' }))).toBeUndefined();
  });

  it('has no price of another tier that was asked for, unless the answer says that it was the usual one', async () => {
    const ask = (): Promise<unknown> =>
      clientIn('us-east-2').send(new ConverseCommand({ modelId: haiku, messages, serviceTier: { type: 'flex' } }));
    expect(await costOf(ask)).toBeUndefined();
    expect(await costOf(ask, { body: { serviceTier: { type: 'flex' } } })).toBeUndefined();
    expect(await costOf(ask, { body: { serviceTier: { type: 'default' } } })).toBeCloseTo(standard, 11);
    const stream = new ConverseStreamCommand({ modelId: haiku, messages, serviceTier: { type: 'flex' } });
    expect(converseStream.readRequest(stream, limits).askedTier).toBe('flex');
  });
});
