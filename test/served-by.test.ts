import { servedBy } from '../src/patches/shared/served-by';

describe('who answers at a base URL', () => {
  it.each<[string, string]>([
    ['https://api.openai.com/v1', 'openai'],
    ['https://eu.api.openai.com/v1', 'openai'],
    ['HTTPS://API.OpenAI.com/v1', 'openai'],
    ['https://api.openai.com', 'openai'],
    ['https://api.openai.com:443/v1', 'openai'],
    ['https://api.openai.com./v1', 'openai'],
    ['https://api.openai.com?x=1', 'openai'],
    ['https://user:pass@api.openai.com/v1', 'openai'],
    ['https://user@example.org@api.openai.com/v1', 'openai'],
    ['https://mine.openai.azure.com/openai', 'azure_openai'],
    ['https://mine.openai.azure.us/openai', 'azure_openai'],
    ['https://mine.cognitiveservices.azure.com/openai/v1', 'azure_openai'],
    ['https://mine.services.ai.azure.com/openai/v1', 'azure_openai'],
    ['https://api.anthropic.com', 'anthropic'],
    ['https://openrouter.ai/api/v1', 'openrouter'],
    ['https://api.deepseek.com', 'deepseek'],
    ['https://api.groq.com/openai/v1', 'groq'],
    ['https://api.x.ai/v1', 'xai'],
    ['https://us-east-1.api.x.ai/v1', 'xai'],
    ['https://api.mistral.ai/v1', 'mistral'],
    ['https://codestral.mistral.ai/v1', 'mistral'],
    ['https://api.together.xyz/v1', 'together'],
    ['https://api.together.ai/v1', 'together'],
    ['https://api.fireworks.ai/inference/v1', 'fireworks'],
    ['https://api.cerebras.ai/v1', 'cerebras'],
    ['https://api.perplexity.ai', 'perplexity'],
    ['https://generativelanguage.googleapis.com/v1beta/openai/', 'google'],
    ['https://us-central1-aiplatform.googleapis.com/v1', 'google_vertex'],
    ['https://aiplatform.googleapis.com/v1', 'google_vertex'],
    ['https://aiplatform.eu.rep.googleapis.com/v1', 'google_vertex'],
    ['https://api.cohere.ai/compatibility/v1', 'cohere'],
    ['https://api.cohere.com/v2', 'cohere'],
    ['https://router.huggingface.co/v1', 'huggingface'],
    ['https://api-inference.huggingface.co/v1', 'huggingface'],
    ['https://abc.us-east-1.aws.endpoints.huggingface.cloud/v1', 'huggingface'],
    ['https://api.deepinfra.com/v1/openai', 'deepinfra'],
    ['https://api.sambanova.ai/v1', 'sambanova'],
    ['https://integrate.api.nvidia.com/v1', 'nvidia'],
    ['https://ollama.com/v1', 'ollama'],
    ['https://proxy.litellm.ai', 'litellm'],
    ['https://bedrock-runtime.us-east-1.amazonaws.com', 'aws_bedrock'],
    ['https://bedrock-runtime-fips.us-gov-west-1.amazonaws.com/openai/v1', 'aws_bedrock'],
    ['https://bedrock-runtime.cn-north-1.amazonaws.com.cn', 'aws_bedrock'],
    ['https://bedrock-mantle.us-west-2.api.aws/v1', 'aws_bedrock'],
    ['https://vpce-0a1b-2c3d.bedrock-runtime.us-east-1.vpce.amazonaws.com', 'aws_bedrock'],
    ['http://localhost:11434/v1', 'ollama'],
    ['http://127.0.0.1:11434/v1', 'ollama'],
    ['http://host.docker.internal:11434/v1', 'ollama'],
    ['http://ollama:11434/v1', 'ollama'],
    ['http://ollama.internal/v1', 'ollama'],
    ['http://localhost:4000', 'litellm'],
    ['http://litellm:8080', 'litellm'],
    ['http://localhost:8000/v1', 'vllm'],
    ['http://vllm/v1', 'vllm'],
    ['http://[::1]:1234/v1', 'local'],
    ['http://0.0.0.0:1234', 'local'],
    ['http://app.localhost:3000', 'local'],
    ['http://127.0.0.1', 'local'],
  ])('%s is %s', (url, provider) => {
    expect(servedBy(url)).toBe(provider);
  });

  // Attribution by substring takes a proxy or an attacker for the vendor (openinference compares whole labels too).
  it.each([
    'https://api.openai.com.evil.org/v1',
    'https://notapi.openai.com.co/v1',
    'https://myapi.openai.community/v1',
    'https://evilapi.x.ai/v1',
    'https://api.openai.com@evil.org/v1',
    'https://user:api.openai.com@evil.org',
    'https://evil.org/api.openai.com',
    'https://evil.org?https://api.openai.com',
    'https://evil.org#@api.openai.com',
    'https://evil.org\\@api.openai.com',
    'https://openai.com/v1',
    'https://bedrock-runtime.us-east-1.amazonaws.com.evil.org',
    'https://evil.bedrock-runtime.us-east-1.amazonaws.com.org',
    'https://xaiplatform.googleapis.com.evil.org',
    'http://127.0.0.1.nip.io:11434/v1',
    'http://localhost.evil.org:11434',
    'https://gateway.example.org/v1',
    'api.openai.com',
    'ftp://api.openai.com',
    '//api.openai.com',
    'https://',
    'https:///v1',
    'http://[',
    '',
  ])('%s is nobody that we know', (url) => {
    expect(servedBy(url)).toBeUndefined();
  });

  it.each([[undefined], [null], [42], [{ host: 'api.openai.com' }], [['https://api.openai.com']]])(
    '%p is no base URL',
    (value) => {
      expect(servedBy(value)).toBeUndefined();
    },
  );

  it('reads a base URL of any length in bounded time', () => {
    const start = performance.now();
    for (const piece of ['@', 'a@', '[', ':1', '.', 'a.', '-', 'https://']) {
      expect(servedBy(`https://${piece.repeat(1_000_000)}`)).toBeUndefined();
    }
    expect(performance.now() - start).toBeLessThan(1_000);
  });
});
