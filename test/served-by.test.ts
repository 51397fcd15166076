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
    ['https://api.novita.ai/v3/openai', 'novita'],
    ['https://api.studio.nebius.com/v1', 'nebius'],
    ['https://inference.baseten.co/v1', 'baseten'],
    ['https://dashscope-intl.aliyuncs.com/compatible-mode/v1', 'alibaba'],
    ['https://api.moonshot.ai/v1', 'moonshot'],
    ['https://open.bigmodel.cn/api/paas/v4', 'zhipu'],
    ['https://api.z.ai/api/paas/v4', 'zhipu'],
    ['https://api.minimax.io/v1', 'minimax'],
    ['https://ark.cn-beijing.volces.com/api/v3', 'volcengine'],
    ['https://api.siliconflow.cn/v1', 'siliconflow'],
    ['https://models.github.ai/inference', 'github'],
    ['https://models.inference.ai.azure.com', 'github'],
    ['https://adb-1.azuredatabricks.net/serving-endpoints', 'databricks'],
    ['https://mine.cloud.databricks.com/serving-endpoints', 'databricks'],
    ['https://us-south.ml.cloud.ibm.com/ml/v1', 'watsonx'],
    ['https://api.cloudflare.com/client/v4/accounts/1/ai/v1', 'cloudflare'],
    ['https://ai-gateway.vercel.sh/v1', 'vercel'],
    ['https://api.portkey.ai/v1', 'portkey'],
    ['https://gateway.ai.cloudflare.com/v1/account/gateway/openai', 'openai'],
    ['https://gateway.ai.cloudflare.com/v1/account/gateway/anthropic/', 'anthropic'],
    ['https://gateway.ai.cloudflare.com/v1/account/gateway/azure-openai/resource/deployment', 'azure_openai'],
    ['https://gateway.ai.cloudflare.com/v1/account/gateway/aws-bedrock/bedrock-runtime/us-east-1', 'aws_bedrock'],
    ['https://gateway.ai.cloudflare.com/v1/account/gateway/google-ai-studio', 'google'],
    ['https://gateway.ai.cloudflare.com/v1/account/gateway/google-vertex-ai', 'google_vertex'],
    ['https://gateway.ai.cloudflare.com/v1/account/gateway/grok', 'xai'],
    ['https://gateway.ai.cloudflare.com/v1/account/gateway/perplexity-ai', 'perplexity'],
    ['https://gateway.ai.cloudflare.com/v1/account/gateway/workers-ai/v1', 'cloudflare'],
    ['https://gateway.ai.cloudflare.com/v1/account/gateway/compat', 'cloudflare'],
    ['https://gateway.ai.cloudflare.com/v1/account/gateway/custom-mine', 'cloudflare'],
    ['https://gateway.ai.cloudflare.com/v1/account/openai', 'cloudflare'],
    ['https://gateway.ai.cloudflare.com', 'cloudflare'],
    ['https://oai.helicone.ai/v1', 'openai'],
    ['https://oai.hconeai.com/v1', 'openai'],
    ['https://anthropic.helicone.ai', 'anthropic'],
    ['https://groq.helicone.ai/openai/v1', 'groq'],
    ['https://openrouter.helicone.ai/api/v1', 'openrouter'],
    ['https://ai-gateway.helicone.ai', 'helicone'],
    ['https://gateway.helicone.ai/v1', 'helicone'],
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
    'https://gateway.ai.cloudflare.com.evil.org/v1/account/gateway/openai',
    'https://evil.org/v1/gateway.ai.cloudflare.com/openai',
    'https://oai.helicone.ai.evil.org/v1',
    'https://notapi.portkey.ai.org/v1',
    'https://myai-gateway.vercel.sh/v1',
    'https://cloud.databricks.com.evil.org',
    'https://azuredatabricks.net.evil.org',
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

  it('keeps the answers for base URLs apart, however many there are', () => {
    for (let round = 0; round < 2; round++) {
      for (let index = 0; index < 200; index++) {
        expect(servedBy(`https://tenant-${index}.openai.azure.com/openai`)).toBe('azure_openai');
        expect(servedBy(`https://tenant-${index}.example.org/v1`)).toBeUndefined();
      }
    }
  });

  it('reads a base URL of any length in bounded time', () => {
    const start = performance.now();
    for (const piece of ['@', 'a@', '[', ':1', '.', 'a.', '-', 'https://']) {
      expect(servedBy(`https://${piece.repeat(1_000_000)}`)).toBeUndefined();
    }
    expect(performance.now() - start).toBeLessThan(1_000);
  });
});
