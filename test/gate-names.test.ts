import { gateId, gateModel, gateName, gateText, gateWord, type ContentRules } from '../src/content';
import { isKnownName } from '../src/known-words';

const open: ContentRules = {
  privacyMode: false,
  includePrompts: true,
  includeResponses: true,
  maxPromptLength: 500,
  maxMessageLength: 200,
  maxResponseLength: 500,
};
const shut: ContentRules = { ...open, privacyMode: true };

/** Everything that vendors, SDKs and Node are known to say. */
const said = `
stop length tool_calls content_filter function_call end_turn max_tokens stop_sequence tool_use pause_turn refusal
model_context_window_exceeded STOP MAX_TOKENS SAFETY RECITATION LANGUAGE OTHER BLOCKLIST PROHIBITED_CONTENT SPII
MALFORMED_FUNCTION_CALL FINISH_REASON_UNSPECIFIED UNEXPECTED_TOOL_CALL TOO_MANY_TOOL_CALLS IMAGE_SAFETY COMPLETE
STOP_SEQUENCE ERROR ERROR_TOXIC ERROR_LIMIT USER_CANCEL TOOL_CALL TIMEOUT guardrail_intervened content_filtered eos
eos_token succeeded failed canceled aborted completed incomplete max_output_tokens FINISH LENGTH load unload CONTENT_FILTERED
model_length error tool-calls content-filter
default auto standard priority flex scale batch on_demand ON_DEMAND PROVISIONED_THROUGHPUT TRAFFIC_TYPE_UNSPECIFIED
performance optimized reserved
none minimal low medium high xhigh max LOW HIGH THINKING_LEVEL_UNSPECIFIED
text json json_object json_schema verbose_json diarized_json srt vtt mp3 opus aac flac wav pcm b64_json url
application/json text/plain text/x.enum grammar regex
Error TypeError SyntaxError RangeError AbortError TimeoutError DOMException AggregateError string number object undefined
OpenAIError APIError APIConnectionError APIConnectionTimeoutError APIUserAbortError BadRequestError AuthenticationError
PermissionDeniedError NotFoundError ConflictError UnprocessableEntityError RateLimitError InternalServerError
LengthFinishReasonError ContentFilterFinishReasonError InvalidWebhookSignatureError AnthropicError GroqError TogetherError
CerebrasError ApiError GoogleGenerativeAIError GoogleGenerativeAIFetchError GoogleGenerativeAIResponseError SDKError
MistralError HTTPValidationError ConnectionError InvalidRequestError RequestAbortedError RequestTimeoutError
UnexpectedClientError ResponseValidationError SDKValidationError ZodError CohereError CohereTimeoutError TooManyRequestsError
ServiceUnavailableError GatewayTimeoutError UnauthorizedError ForbiddenError ResponseError InferenceClientError
InferenceClientInputError InferenceClientProviderApiError InferenceClientHubApiError ProviderApiError ProviderOutputError
APICallError AI_APICallError RetryError NoObjectGeneratedError InvalidPromptError NoSuchModelError TypeValidationError
JSONParseError LoadAPIKeyError AccessDeniedException ConflictException InternalServerException ModelErrorException
ModelNotReadyException ModelStreamErrorException ModelTimeoutException ResourceNotFoundException
ServiceQuotaExceededException ServiceUnavailableException ThrottlingException ValidationException
UnrecognizedClientException ExpiredTokenException InvalidSignatureException CredentialsProviderError
invalid_request_error authentication_error permission_error not_found_error request_too_large rate_limit_error api_error
overloaded_error billing_error timeout_error invalid_api_key model_not_found context_length_exceeded rate_limit_exceeded
insufficient_quota server_error invalid_value invalid_type missing_required_parameter unsupported_parameter
unsupported_value string_above_max_length invalid_image content_policy_violation image_content_policy_violation
tokens_exceeded_error account_deactivated unsupported_country_region_territory billing_hard_limit_reached
invalid_prompt vector_store_timeout invalid_image_format image_too_large image_parse_error empty_image_file
INVALID_ARGUMENT FAILED_PRECONDITION PERMISSION_DENIED NOT_FOUND RESOURCE_EXHAUSTED INTERNAL UNAVAILABLE
DEADLINE_EXCEEDED UNAUTHENTICATED CANCELLED UNKNOWN DATA_LOSS ALREADY_EXISTS UNIMPLEMENTED tool_use_failed
json_validate_failed model_decommissioned 400 429 500 3051 too_many_tokens
ECONNREFUSED ECONNRESET ETIMEDOUT ENOTFOUND EAI_AGAIN EPIPE EHOSTUNREACH ENETUNREACH UND_ERR_CONNECT_TIMEOUT
UND_ERR_HEADERS_TIMEOUT UND_ERR_BODY_TIMEOUT UND_ERR_SOCKET ERR_STREAM_PREMATURE_CLOSE ERR_TLS_CERT_ALTNAME_INVALID
SELF_SIGNED_CERT_IN_CHAIN DEPTH_ZERO_SELF_SIGNED_CERT UNABLE_TO_VERIFY_LEAF_SIGNATURE CERT_HAS_EXPIRED
`
  .trim()
  .split(/\s+/);

describe('a word of a vendor, in privacy mode', () => {
  it('leaves where it is one that vendors, SDKs or Node are known to say', () => {
    expect(said.filter((word) => gateWord(word, shut) !== word)).toEqual([]);
  });

  it.each([
    ['###'],
    ['END'.repeat(30)],
    ['Joan'],
    ['joan_stopped'],
    ['invalid_joan'],
    ['JoanError'],
    ['You asked for a bomb'],
    ['stop length'],
    ['joan@example.org'],
    ['\n\nHuman:'],
    [''],
    ['123456789'],
    ['постой'],
    ['078-05-1120'],
    ['415-555-2671'],
    ['error-415-555'],
    ['192.168.1.10:8080'],
    ['01/02/1980'],
    ['code_12345'],
    ['payment.json'],
    ['message.xml'],
    ['user/data/file.json'],
    ['user/data'],
    ['no.is.the.end.of.content'],
  ])('%j, which may be somebody’s text, does not', (word) => {
    expect(gateWord(word, shut)).toBeUndefined();
  });

  it('is judged anew where more names came than are kept', () => {
    for (let at = 0; at < 600; at++) expect(isKnownName(`joan_${at}`)).toBe(false);
    expect(isKnownName('rate_limit_exceeded')).toBe(true);
    expect(isKnownName('rate_limit_exceeded')).toBe(true);
  });
});

describe('a word of a vendor, outside of privacy mode', () => {
  it('leaves whatever it is, and a sentence like the text of an error', () => {
    expect(gateWord('joan_stopped', open)).toBe('joan_stopped');
    expect(gateWord('You asked for it', open)).toBe('You asked for it');
    expect(gateWord('You asked for it', { ...open, includePrompts: false })).toBeUndefined();
    expect(gateWord('\n\nHuman:', { ...open, includeResponses: false })).toBeUndefined();
    // Chinese and Japanese write a sentence without a space.
    expect(gateWord('您的提示词包含敏感内容', open)).toBe('您的提示词包含敏感内容');
    expect(gateWord('您的提示词包含敏感内容', { ...open, includePrompts: false })).toBeUndefined();
    expect(gateWord('x'.repeat(257), open)).toBeUndefined();
    expect(gateWord(undefined, open)).toBeUndefined();
  });
});

describe('the name of a model, in privacy mode', () => {
  it.each<[string, string]>([
    ['gpt-5-2025-08-07', 'gpt-5-2025-08-07'],
    ['claude-opus-4-1@20250805', 'claude-opus-4-1@20250805'],
    ['meta-llama/Llama-3.3-70B-Instruct-Turbo', 'meta-llama/Llama-3.3-70B-Instruct-Turbo'],
    ['us.anthropic.claude-sonnet-4-20250514-v1:0', 'us.anthropic.claude-sonnet-4-20250514-v1:0'],
    ['llama3.2:1b', 'llama3.2:1b'],
    ['hf.co/bartowski/Llama-3.2-1B-Instruct-GGUF', 'hf.co/bartowski/Llama-3.2-1B-Instruct-GGUF'],
    ['@cf/meta/llama-3.1-8b-instruct', '@cf/meta/llama-3.1-8b-instruct'],
    ['accounts/fireworks/models/llama-v3p1-8b-instruct', 'accounts/fireworks/models/llama-v3p1-8b-instruct'],
    ['ft:gpt-4o-mini-2024-07-18:acme::abc123', 'ft:gpt-4o-mini-2024-07-18:acme::abc123'],
    ['stability-ai/sdxl:39ed52f2a78e934b3ba6e2a89f5b1c712de7dfea535525255b1aa35c5565e08b', ''],
    ['arn:aws:bedrock:us-east-1:123456789012:inference-profile/us.amazon.nova', 'inference-profile/us.amazon.nova'],
    ['arn:aws:bedrock:us-east-1::foundation-model/amazon.nova', 'foundation-model/amazon.nova'],
    ['projects/acme-prod/locations/us-central1/endpoints/123', 'endpoints/123'],
    ['vertex_ai/projects/acme-prod/locations/us-central1/endpoints/123', 'endpoints/123'],
    ['bedrock/arn:aws:bedrock:us-east-1:123456789012:inference-profile/us.x', 'inference-profile/us.x'],
    [
      'bedrock/converse/arn:aws:bedrock:us-east-1:acme:application-inference-profile/a',
      'application-inference-profile/a',
    ],
    ['anthropic.claude-3-5-sonnet-20241022-v2:0', ''],
    ['qwen2.5-coder:7b-instruct-q4_K_M', ''],
    ['@hf/thebloke/zephyr-7b-beta-awq', ''],
  ])('%s is shown', (model, shown) => {
    expect(gateModel(model, shut)).toBe(shown === '' ? model : shown);
  });

  it.each([
    ['https://joan.endpoints.huggingface.cloud/v1'],
    ['//joan.example.org/x'],
    ['joan.example.org/v1/models'],
    ['joan.example.org:8080/x'],
    ['/models/joan/llama.gguf'],
    ['C:\\Users\\joan\\llama.gguf'],
    ['./llama'],
    ['~/llama'],
    ['models/joan.gguf'],
    ['joan.safetensors'],
    ['models/joan.gguf:latest'],
    ['mistral-7b.Q4_0.llamafile'],
    ['model.ckpt'],
    ['my-notes.docx'],
    ['training-data.csv'],
    ['C:/Users/joan/llama'],
    ['openai/https:/x'],
    ['192.168.1.10:8080/llama'],
    ['192.168.1.10'],
    ['localhost:8000/v1'],
    ['openai/localhost:8000/v1'],
    ['joan@example.org'],
    ['joan@example.org/llama'],
    ['projects/acme-prod/models/x'],
    ['arn:aws:bedrock'],
    ['tell me about joan'],
    ['joan?'],
    ['x'.repeat(129)],
    ['a/b/c/d/e/f'],
    [''],
  ])('%j, an address, a file or a text, is not', (model) => {
    expect(gateModel(model, shut)).toBeUndefined();
  });

  it('is what it is outside of privacy mode', () => {
    expect(gateModel('https://joan.example.org', open)).toBe('https://joan.example.org');
  });
});

describe('the id of an answer, in privacy mode', () => {
  it.each([
    ['chatcmpl-BqHr2lX8d9dE0x1'],
    ['resp_68a1b2c3d4e5f6'],
    ['msg_01XFDUDYJgAACzvnptvVoYEL'],
    ['req_011CSHoEeqs5C35K2UUqR7Fy'],
    ['550e8400-e29b-41d4-a716-446655440000'],
    ['gen-1757000000-AbCdEfGhIjKlMnOp'],
    ['oEmzXwKd-4yUhvs-98f1a2b3c4d5e6f7'],
    ['jKlMnOpQrStUvWxYzAbCdE'],
  ])('%s leaves', (id) => {
    expect(gateId(id, shut)).toBe(id);
  });

  it.each([
    ['joan@example.org'],
    ['what joan asked'],
    ['joan'],
    ['joan/1990-01-01'],
    ['joan_smith'],
    ['x1'.repeat(65)],
    [''],
  ])('%j is no id, and does not', (id) => {
    expect(gateId(id, shut)).toBeUndefined();
  });

  it('of any length is looked at in no time', () => {
    const start = performance.now();
    expect(gateId('a'.repeat(1_000_000), shut)).toBeUndefined();
    expect(gateModel(`a.${'a.'.repeat(500_000)}/`, shut)).toBeUndefined();
    expect(gateWord('a_'.repeat(500_000), shut)).toBeUndefined();
    expect(performance.now() - start).toBeLessThan(1_000);
  });
});

describe('what the application calls something, in privacy mode', () => {
  it.each([['langchain'], ['azure_openai'], ['@acme/llm'], ['6.49.0-beta.1+build'], ['answerQuestion'], ['$inner']])(
    '%s leaves',
    (name) => {
      expect(gateName(name, shut)).toBe(name);
    },
  );

  it.each([
    ['Answer the question of Joan'],
    ...[[''], ['x'.repeat(65)], ['joan\n'], ['https://acme.example/users/joan'], ['joan@example.org'], ['a@b']],
  ])('%j does not', (name) => {
    expect(gateName(name, shut)).toBeUndefined();
    expect(gateName(name, open)).toBe(name);
  });
});

it('lets no text pass in privacy mode, whatever the other rules say', () => {
  for (const where of ['message', 'input', 'output', 'tool_arguments', 'error'] as const) {
    expect(gateText({ text: 'joan', length: 4 }, where, shut)).toBeUndefined();
    expect(gateText({ text: 'joan', length: 4 }, where, open)).toBe('joan');
  }
});
