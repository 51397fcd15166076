import { costOf } from '../../src/cost/cost';
import { counts, factsOf, priceOf, problems, table, type Call } from '../support/cost-facts';

describe('a price that is not known for sure', () => {
  const usage = counts(1_000, 100);

  it.each<[string, Call]>([
    ['a model that nobody knows', { provider: 'openai', model: 'gpt-next', usage }],
    ['a provider that nobody knows', { provider: 'openai_compatible', model: 'gpt-4o', usage }],
    ['a provider that was not told', { model: 'gpt-4o', usage }],
    ['a server of their own', { provider: 'ollama', model: 'llama3.2', usage }],
    ['a call that failed', { provider: 'openai', model: 'gpt-4o', outcome: 'error', usage }],
    ['a call without usage', { provider: 'openai', model: 'gpt-4o' }],
    ['an answer whose tokens were not counted', { provider: 'openai', model: 'gpt-4o', usage: { inputTokens: 1_000 } }],
    ['a prompt whose tokens were not counted', { provider: 'openai', model: 'gpt-4o', usage: { outputTokens: 100 } }],
    [
      'a stream that was left',
      { provider: 'google', model: 'gemini-2.5-pro', streaming: true, outcome: 'cancelled', usage },
    ],
    [
      'a count of tokens, which is free',
      { provider: 'anthropic', operation: 'token_count', model: 'claude-sonnet-4-5', usage },
    ],
    [
      'parts that are more than the whole',
      { provider: 'openai', model: 'gpt-4o', usage: counts(100, 1, { cachedInputTokens: 200 }) },
    ],
    ['a deployment of Azure that has not answered', { provider: 'azure_openai', model: 'gpt-4o', usage }],
    [
      'another model than was asked for, that nobody knows',
      { provider: 'openai', model: 'gpt-4o', responseModel: 'router-1', usage },
    ],
    // Its price in the table is 0: nobody knows whether it is free, or has no price.
    ['a model without a price', { provider: 'google', model: 'gemma-3-27b-it', usage }],
    // The table has a model of that name, which is not the one that was tuned.
    ['a fine-tuned gpt-4.1', { provider: 'openai', model: 'ft:gpt-4.1-2025-04-14:acme::1', usage }],
    ['a fine-tuned gpt-4', { provider: 'openai', model: 'ft:gpt-4-0613:acme::1', usage }],
    ['a fine-tuned model at Azure', { provider: 'azure_openai', responseModel: 'gpt-4o-mini-2024-07-18.ft-1', usage }],
    [
      'cached input of a fine-tuned model',
      { provider: 'openai', model: 'ft:gpt-4o-mini-2024-07-18:a::1', usage: counts(9, 9, { cachedInputTokens: 5 }) },
    ],
    ['a tuned Gemini', { provider: 'google', model: 'tunedModels/mine', responseModel: 'gemini-2.5-flash', usage }],
    [
      'an endpoint of Vertex',
      {
        provider: 'google_vertex',
        model: 'projects/p/locations/l/endpoints/1',
        responseModel: 'gemini-2.5-pro',
        usage,
      },
    ],
    // Tiers that are bought, or whose price is not published.
    ['the scale tier of OpenAI', { provider: 'openai', model: 'gpt-4o', tier: 'scale', usage }],
    [
      'the priority tier of a model without a price for it',
      { provider: 'openai', model: 'gpt-4', tier: 'priority', usage },
    ],
    [
      'the priority tier with a long prompt',
      { provider: 'openai', model: 'gpt-5.4', tier: 'priority', usage: counts(300_000, 1) },
    ],
    ['the priority tier of Anthropic', { provider: 'anthropic', model: 'claude-sonnet-4-5', tier: 'priority', usage }],
    [
      'provisioned throughput',
      { provider: 'google_vertex', model: 'gemini-2.5-pro', tier: 'PROVISIONED_THROUGHPUT', usage },
    ],
    [
      'cached input in the flex tier of Gemini',
      { provider: 'google', model: 'gemini-2.5-pro', tier: 'flex', usage: counts(9, 9, { cachedInputTokens: 5 }) },
    ],
    ['the flex tier of Bedrock', { provider: 'aws_bedrock', model: 'amazon.nova-pro-v1:0', tier: 'flex', usage }],
    // Where it ran is not told, or the table has the prices of somewhere else.
    [
      'an inference profile of an application',
      {
        provider: 'aws_bedrock',
        model: 'arn:aws:bedrock:us-east-1:1:application-inference-profile/a1',
        responseModel: 'claude-sonnet-4-5-20250929',
        usage,
      },
    ],
    ['Nova in Europe', { provider: 'aws_bedrock', model: 'eu.amazon.nova-pro-v1:0', usage }],
    [
      'Llama in India',
      {
        provider: 'aws_bedrock',
        model: 'arn:aws:bedrock:ap-south-1::foundation-model/meta.llama3-8b-instruct-v1:0',
        usage,
      },
    ],
    ['Llama where nobody knows', { provider: 'aws_bedrock', model: 'meta.llama3-70b-instruct-v1:0', usage }],
    [
      'Llama in Frankfurt',
      { provider: 'aws_bedrock', model: 'meta.llama3-70b-instruct-v1:0', region: 'eu-central-1', usage },
    ],
    [
      'Claude for the government',
      {
        provider: 'aws_bedrock',
        model: 'anthropic.claude-3-haiku-20240307-v1:0',
        region: 'us-gov-west-1',
        usage,
      },
    ],
    [
      'Llama for the government',
      {
        provider: 'aws_bedrock',
        model: 'arn:aws-us-gov:bedrock:us-gov-west-1::foundation-model/meta.llama3-70b-instruct-v1:0',
        usage,
      },
    ],
    ['Claude 4.5 in a region of Vertex', { provider: 'google_vertex', model: 'claude-sonnet-4-5@20250929', usage }],
    [
      'another region than the table has',
      { provider: 'anthropic', model: 'claude-opus-4-6', usage: counts(1, 1, { inferenceRegion: 'eu' }) },
    ],
    // What is charged is more than tokens, or another kind of them.
    [
      'a tool that the provider ran',
      { provider: 'openai', model: 'gpt-5', usage: { ...usage, hasOtherCharges: true } },
    ],
    ['a model that searches with each call', { provider: 'openai', model: 'gpt-4o-mini-search-preview', usage }],
    ['a request of Perplexity', { provider: 'perplexity', model: 'sonar', usage }],
    [
      'speech, where the table has a price for text only',
      { provider: 'openai', model: 'gpt-4o-audio-preview', usage: counts(9, 9, { audioInputTokens: 9 }) },
    ],
    [
      'cached input, of which nobody knows how much was speech',
      {
        provider: 'google',
        model: 'gemini-2.5-flash',
        usage: counts(9, 9, { audioInputTokens: 5, cachedInputTokens: 5 }),
      },
    ],
    [
      'pictures that were not counted',
      { provider: 'openai', operation: 'image_generation', model: 'gpt-image-1', usage: counts(9, 9) },
    ],
    [
      'cached input, of which nobody knows how much were pictures',
      {
        provider: 'openai',
        operation: 'image_generation',
        model: 'gpt-image-1',
        usage: counts(20, 9, { imageInputTokens: 5, cachedInputTokens: 5 }),
      },
    ],
    // Prices of the table that are not true any more, or of something else.
    ['DeepSeek at Azure', { provider: 'azure_openai', responseModel: 'DeepSeek-R1', usage }],
    ['Kimi at Azure', { provider: 'azure_foundry', responseModel: 'kimi-k2', usage }],
    ['an alias of Mistral that has moved', { provider: 'mistral', model: 'mistral-large-latest', usage }],
    ['an alias of DeepSeek that has moved', { provider: 'deepseek', model: 'deepseek-chat', usage }],
    ['the small safeguard at Groq', { provider: 'groq', model: 'openai/gpt-oss-safeguard-20b', usage }],
    [
      'the second version of Titan embeddings',
      {
        provider: 'aws_bedrock',
        operation: 'embedding',
        model: 'amazon.titan-embed-text-v2:0',
        usage: { inputTokens: 9 },
      },
    ],
  ])('of %s is absent, and not 0', (_title, call) => {
    expect(priceOf(call)).toBeUndefined();
    expect(problems).toEqual([]);
  });

  it('is there for a stream that was left after its end', () => {
    const call: Call = { provider: 'openai', model: 'gpt-4o', streaming: true, outcome: 'cancelled', usage };
    const facts = factsOf(call);
    facts.response.finished = true;
    expect(costOf(facts, { table })).toEqual({ cost: 0.0035, source: 'price_table' });
  });
});
