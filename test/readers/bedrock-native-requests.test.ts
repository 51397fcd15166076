import { invokeModel, invokeModelWithResponseStream } from '../../src/patches/bedrock/invoke-model';
import type { RequestFacts } from '../../src/types';
import { limits, text } from './expect-facts';

const encode = (json: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(json));
const base: RequestFacts = { model: 'm' };

describe('the request of InvokeModel', () => {
  const user = (content: unknown): object => ({ role: 'user', content });
  it.each<[string, object, RequestFacts]>([
    [
      'Claude',
      {
        anthropic_version: 'bedrock-2023-05-31',
        max_tokens: 9,
        messages: [user([{ type: 'text', text: 'Hi' }])],
        tools: [{}],
      },
      { operation: 'chat_completion', messages: [{ role: 'user', content: text('Hi') }], maxTokens: 9, toolCount: 1 },
    ],
    [
      'Claude 2',
      { prompt: '\n\nHuman: Hi', max_tokens_to_sample: 9, stop_sequences: ['a'] },
      { operation: 'text_completion', input: text('\n\nHuman: Hi'), maxTokens: 9, stopSequenceCount: 1 },
    ],
    [
      'Nova',
      {
        schemaVersion: 'messages-v1',
        messages: [user([{ text: 'Hi' }])],
        inferenceConfig: { maxTokens: 9, topP: 0.5 },
      },
      { operation: 'chat_completion', messages: [{ role: 'user', content: text('Hi') }], maxTokens: 9, topP: 0.5 },
    ],
    [
      'Nova, with nothing but messages',
      { messages: [user([{ image: { format: 'png', source: { bytes: 'AAAA' } } }, { text: 'Hi' }])] },
      { operation: 'chat_completion', messages: [{ role: 'user', content: text('[image/png 3 B]\nHi') }] },
    ],
    [
      'Titan Text',
      { inputText: 'Hi', textGenerationConfig: { maxTokenCount: 9, temperature: 0, topP: 1, stopSequences: [] } },
      { operation: 'text_completion', input: text('Hi'), maxTokens: 9, temperature: 0, topP: 1, stopSequenceCount: 0 },
    ],
    [
      'Titan Embeddings',
      { inputText: 'Hi', dimensions: 256, normalize: true },
      { operation: 'embedding', input: text('Hi') },
    ],
    ['Llama', { prompt: 'Hi', max_gen_len: 9 }, { operation: 'text_completion', input: text('Hi'), maxTokens: 9 }],
    [
      'Mistral with messages',
      { messages: [user('Hi')], max_tokens: 9, tools: [{}, {}] },
      { operation: 'chat_completion', messages: [{ role: 'user', content: text('Hi') }], maxTokens: 9, toolCount: 2 },
    ],
    [
      'OpenAI, with a picture',
      { messages: [user([{ type: 'image_url', image_url: { url: 'data:image/png;base64,AAAA' } }])] },
      { operation: 'chat_completion', messages: [{ role: 'user', content: text('[image/png 3 B]') }] },
    ],
    [
      'Mistral with a prompt',
      { prompt: 'Hi', stop: 'a' },
      { operation: 'text_completion', input: text('Hi'), stopSequenceCount: 1 },
    ],
    [
      'Command R',
      {
        chat_history: [
          { role: 'USER', message: 'Hi' },
          { role: 'CHATBOT', message: 'Yes?' },
        ],
        message: 'Well',
        p: 0.5,
        seed: 7,
      },
      {
        operation: 'chat_completion',
        messageCount: 3,
        messages: [
          { role: 'USER', content: text('Hi') },
          { role: 'CHATBOT', content: text('Yes?') },
          { role: 'USER', content: text('Well') },
        ],
        topP: 0.5,
        seed: 7,
      },
    ],
    [
      'Cohere Embed',
      { texts: ['one', 'two'], input_type: 'search_query' },
      { operation: 'embedding', input: text('one\ntwo'), inputCount: 2 },
    ],
    ['Cohere Rerank', { query: 'which?', documents: ['a', 'b'] }, { operation: 'rerank', input: text('which?') }],
    [
      'Jurassic',
      { prompt: 'Hi', maxTokens: 9, topP: 1, stopSequences: ['a'] },
      { operation: 'text_completion', input: text('Hi'), maxTokens: 9, topP: 1, stopSequenceCount: 1 },
    ],
    [
      'Titan Image',
      { taskType: 'TEXT_IMAGE', textToImageParams: { text: 'a cat' }, imageGenerationConfig: { seed: 7 } },
      { operation: 'image_generation', input: text('a cat'), seed: 7 },
    ],
    [
      'Nova Embeddings',
      { taskType: 'SINGLE_EMBEDDING', singleEmbeddingParams: { text: { value: 'Hi' } } },
      { operation: 'embedding', input: text('Hi') },
    ],
    [
      'Stable Diffusion',
      { text_prompts: [{ text: 'a cat' }] },
      { operation: 'image_generation', input: text('a cat') },
    ],
  ])('is read in the format of %s, as a string and as bytes', (_family, body, facts) => {
    for (const sent of [JSON.stringify(body), encode(body), Buffer.from(JSON.stringify(body))]) {
      expect(invokeModel.readRequest({ input: { modelId: 'm', body: sent } }, limits)).toMatchObject({
        ...base,
        ...facts,
      });
    }
  });

  it.each([
    ['amazon.titan-embed-text-v2:0', '{"inputText":"Hi"}', 'embedding'],
    ['cohere.rerank-v3-5:0', '{}', 'rerank'],
    ['stability.stable-image-core-v1:1', '{"prompt":"a cat"}', 'image_generation'],
    ['amazon.titan-text-lite-v1', '{"inputText":"Hi"}', 'text_completion'],
    ['arn:aws:bedrock:us-east-1:000000000000:imported-model/abc', '{"prompt":"Hi"}', 'text_completion'],
    ['arn:aws:bedrock:us-east-1:000000000000:imported-model/abc', '{"messages":[]}', 'chat_completion'],
    ['anthropic.claude-3', 'no json', 'chat_completion'],
  ])('to %s with %s is of the kind %s', (modelId, body, operation) => {
    expect(invokeModel.readRequest({ input: { modelId, body } }, limits)).toMatchObject({ model: modelId, operation });
  });

  it('is streamed by the other command, whatever the body says', () => {
    const command = { input: { modelId: 'm', body: '{"messages":[],"stream":false}' } };
    expect(invokeModelWithResponseStream.readRequest(command, limits).streaming).toBe(true);
  });
});
