import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { runProgram } from '../loading/run-program';
import { limits } from '../readers/expect-facts';
import { newer } from '../support/runtimes';
import { languageModelCall } from '../../src/patches/ai/language-model';
import type { RequestFacts, ResponseFacts } from '../../src/types';

const isBuilt = existsSync(join(__dirname, '..', '..', 'dist', 'index.js'));
const isNew = Number(process.versions.node.split('.')[0]) >= 22;

// The load hooks work outside of Jest only.
describe.each([
  ['5', process.execPath],
  ['6', process.execPath],
  ['7', isNew ? process.execPath : newer('22')[0]?.node],
])('ai %s', (major, node) => {
  (isBuilt && node !== undefined ? it : it.skip)('has the price of the tier that served', async () => {
    const program = join(__dirname, 'ai-tiers.mjs');
    const { stdout, stderr } = await runProgram([program, major], { node: node ?? '', cwd: __dirname });
    if (!stdout.startsWith('{')) throw new Error(`${stdout}\n${stderr}`);
    // https://platform.openai.com/docs/pricing: GPT-5 1.25 and 10.00, flex half of it.
    expect(JSON.parse(stdout)).toEqual({
      flex: ['flex', 0.01125],
      'asked for flex, had the usual': ['default', 0.0225],
      'the usual': ['default', 0.0225],
      'a stream of the usual': [null, 0.0225],
      'a stream that was asked for as flex': [null, null],
    });
  });
});

describe('what packages of the AI SDK say of a price', () => {
  const whole = languageModelCall('generateText', false);
  const nested = { inputTokens: { total: 5 }, outputTokens: { total: 1 } };
  const read = (answer: object): ResponseFacts => whole.readResponse({ usage: nested, ...answer }, limits);
  const readMetadata = (providerMetadata: object): ResponseFacts => read({ providerMetadata });

  it.each<[string, object, string | undefined]>([
    ['OpenAI’s Responses', { providerMetadata: { openai: { serviceTier: 'flex' } } }, 'flex'],
    ['a package that the application has named', { providerMetadata: { mine: { serviceTier: 'flex' } } }, 'flex'],
    ['OpenAI’s chat', { response: { body: { service_tier: 'priority' } } }, 'priority'],
    ['OpenAI, before it is known', { response: { body: { service_tier: 'auto' } } }, undefined],
    ['Anthropic', { usage: { ...nested, raw: { service_tier: 'batch' } } }, 'batch'],
    ['Anthropic in 5', { providerMetadata: { anthropic: { usage: { service_tier: 'batch' } } } }, 'batch'],
    ['Gemini', { usage: { ...nested, raw: { serviceTier: 'flex' } } }, 'flex'],
    [
      'Gemini in 5',
      { providerMetadata: { google: { serviceTier: null, usageMetadata: { serviceTier: 'flex' } } } },
      'flex',
    ],
    [
      'Vertex',
      { providerMetadata: { vertex: { usageMetadata: { trafficType: 'ON_DEMAND_FLEX' } } } },
      'ON_DEMAND_FLEX',
    ],
    ['Bedrock', { providerMetadata: { bedrock: { serviceTier: { type: 'flex' } } } }, 'flex'],
    [
      'nobody',
      { providerMetadata: { openai: { responseId: 'r' }, other: null }, response: { body: 'text' } },
      undefined,
    ],
  ])('is the tier that served: %s', (_title, answer, tier) => {
    expect(read(answer).serviceTier).toBe(tier);
  });

  it.each<[string, unknown, string | undefined]>([
    ['OpenAI', { openai: { serviceTier: 'flex' } }, 'flex'],
    ['Vertex', { vertex: { sharedRequestType: 'priority' } }, 'priority'],
    ['Bedrock', { bedrock: { performanceConfig: { latency: 'optimized' } } }, 'optimized'],
    ['Bedrock, as its wire has it', { bedrock: { serviceTier: { type: 'flex' } } }, 'flex'],
    ['nobody', { openai: { reasoningEffort: 'low' }, other: null }, undefined],
    ['nothing', undefined, undefined],
  ])('is the tier that was asked for: %s', (_title, providerOptions, tier) => {
    const facts: RequestFacts = whole.readRequest({ prompt: [], providerOptions }, limits);
    expect(facts.askedTier).toBe(tier);
  });

  it('is where a model of Bedrock’s sends to', () => {
    const placeOf = (baseUrl: unknown): unknown =>
      whole.readRequest({ prompt: [] }, limits, [], { modelId: 'm', config: { baseUrl } }).place;
    expect(placeOf(() => 'https://bedrock-runtime.eu-central-1.amazonaws.com')).toEqual({ region: 'eu-central-1' });
    expect(placeOf(() => 'https://bedrock.example.org')).toBeUndefined();
    expect(placeOf('https://api.openai.com/v1')).toBeUndefined();
    const failing = (): never => {
      throw new Error('no region');
    };
    expect(placeOf(failing)).toBeUndefined();
  });

  it('is an hour of cache at Bedrock', () => {
    const cacheDetails = [
      { ttl: '5m', inputTokens: 100 },
      { ttl: '1h', inputTokens: 900 },
    ];
    const usage = { cacheWriteInputTokens: 1_000, cacheDetails };
    expect(readMetadata({ bedrock: { usage } }).usage?.cacheCreation1hInputTokens).toBe(900);
    expect(read({ usage: { ...nested, raw: usage } }).usage?.cacheCreation1hInputTokens).toBe(900);
    expect(readMetadata({ bedrock: { usage: { cacheWriteInputTokens: 1 } } }).usage?.cacheCreation1hInputTokens).toBe(
      undefined,
    );
  });

  it.each<[string, object, true | undefined]>([
    ['Gemini', { google: { groundingMetadata: { webSearchQueries: ['q'] } } }, true],
    ['Vertex', { vertex: { groundingMetadata: { groundingChunks: [{}] } } }, true],
    ['Vertex in 7', { googleVertex: { groundingMetadata: { webSearchQueries: ['q'] } } }, true],
    ['one of several requests', { google: { groundingMetadataPerRequest: [null, { webSearchQueries: ['q'] }] } }, true],
    ['no search', { vertex: { groundingMetadata: { webSearchQueries: [] } }, google: null }, undefined],
    ['optimized inference at Bedrock', { bedrock: { performanceConfig: { latency: 'optimized' } } }, true],
    ['the standard one', { bedrock: { performanceConfig: { latency: 'standard' } } }, undefined],
  ])('is what else was charged for: %s', (_title, metadata, isCharged) => {
    expect(readMetadata(metadata).usage?.hasOtherCharges).toBe(isCharged);
  });

  it('is speech at Vertex, which costs more than text', () => {
    const usageMetadata = { promptTokensDetails: [{ modality: 'AUDIO', tokenCount: 3 }] };
    expect(readMetadata({ vertex: { usageMetadata } }).usage?.audioInputTokens).toBe(3);
  });

  it('is what OpenRouter takes, and the vendor beside it where the key is the user’s own', () => {
    const router = (cost: number, upstreamInferenceCost?: number): object => ({
      openrouter: { usage: { cost, costDetails: { upstreamInferenceCost } } },
    });
    expect(readMetadata(router(0.5)).cost).toBe(0.5);
    expect(readMetadata(router(0.5, 0.5)).cost).toBe(0.5);
    expect(readMetadata(router(0.025, 0.5)).cost).toBe(0.525);
    const raw = { is_byok: true, cost: 0, cost_details: { upstream_inference_cost: 0.25 } };
    const own = read({ usage: { ...nested, raw }, providerMetadata: router(0, 0.25) });
    expect([own.cost, own.usage?.hasOtherCharges]).toEqual([0.25, true]);
    const untold = read({ usage: { ...nested, raw: { ...raw, cost_details: null } }, providerMetadata: router(0) });
    expect([untold.cost, untold.usage?.hasOtherCharges]).toEqual([undefined, true]);
  });

  it('is no cost where Vercel’s gateway says 0, which is said of a key of the user’s own', () => {
    expect(readMetadata({ gateway: { cost: '0' } })).not.toHaveProperty('cost');
    expect(readMetadata({ gateway: { cost: '0.002' } }).cost).toBe(0.002);
  });
});
