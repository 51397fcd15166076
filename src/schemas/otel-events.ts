import type { JsonValue, LlmEvent } from '../types';

type Properties = Record<string, JsonValue>;

/**
 * The attributes of OpenTelemetry's conventions for generative AI (`docs/event.md` has the table,
 * `docs/decisions/0018-schemas.md` the sources), for what means the same. Whatever has no attribute there keeps our name.
 */
const names: Readonly<Record<string, string>> = {
  model: 'gen_ai.request.model',
  response_model: 'gen_ai.response.model',
  response_id: 'gen_ai.response.id',
  llm_session_id: 'gen_ai.conversation.id',
  input_tokens: 'gen_ai.usage.input_tokens',
  output_tokens: 'gen_ai.usage.output_tokens',
  cached_input_tokens: 'gen_ai.usage.cache_read.input_tokens',
  cache_creation_input_tokens: 'gen_ai.usage.cache_creation.input_tokens',
  reasoning_tokens: 'gen_ai.usage.reasoning.output_tokens',
  temperature: 'gen_ai.request.temperature',
  top_p: 'gen_ai.request.top_p',
  max_tokens: 'gen_ai.request.max_tokens',
  seed: 'gen_ai.request.seed',
  error_type: 'error.type',
};

/** Where the same property is another attribute for another operation. */
const namesByOperation: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  tool: { name: 'gen_ai.tool.name', input: 'gen_ai.tool.call.arguments', output: 'gen_ai.tool.call.result' },
  agent: { name: 'gen_ai.agent.name' },
  retrieval: { input: 'gen_ai.retrieval.query.text' },
};

const operations: Readonly<Record<string, string>> = {
  chat_completion: 'chat',
  embedding: 'embeddings',
  tool: 'execute_tool',
  agent: 'invoke_agent',
};

const providers: Readonly<Record<string, string>> = {
  aws_bedrock: 'aws.bedrock',
  azure_openai: 'azure.ai.openai',
  google: 'gcp.gemini',
  google_vertex: 'gcp.vertex_ai',
  mistral: 'mistral_ai',
  moonshot: 'moonshot_ai',
  watsonx: 'ibm.watsonx.ai',
  xai: 'x_ai',
};

/** What is made below. */
const made: ReadonlySet<string> = new Set([
  ...['gen_ai.operation.name', 'gen_ai.provider.name', 'gen_ai.request.stream', 'gen_ai.response.finish_reasons'],
  ...['gen_ai.output.type', 'gen_ai.input.messages', 'gen_ai.output.messages'],
]);
/** Said in another form below. */
const restated: ReadonlySet<string> = new Set(['provider', 'operation', 'streaming', 'finish_reason']);
const conversation: ReadonlySet<string> = new Set(['messages', 'output', 'tool_calls']);

/**
 * The same event with the names of OpenTelemetry's conventions for generative AI in place of ours.
 *
 * @param event - an `llm_operation` event, as it would be sent.
 */
export function otelEvent(event: LlmEvent): LlmEvent {
  const from = event.event_properties;
  const operation = from['operation'] as string;
  const own = { ...names, ...namesByOperation[operation] };
  const isChat = operation === 'chat_completion' || operation === 'text_completion';
  // A string is the user's message, to the APIs that take one.
  const prompt = isChat && from['messages'] === undefined ? from['input'] : undefined;
  const into: Properties = {};
  // A property of the application does not say otherwise, nor what is not known.
  const taken = new Set(Object.values(own));
  for (const [name, value] of Object.entries(from)) {
    if (taken.has(name) || made.has(name)) continue;
    if (restated.has(name) || (isChat && conversation.has(name)) || (prompt !== undefined && name === 'input'))
      continue;
    into[own[name] ?? name] = value;
  }
  into['gen_ai.operation.name'] = operationName(operation, from['method']);
  const provider = from['provider'];
  if (provider !== undefined) into['gen_ai.provider.name'] = providers[provider as string] ?? provider;
  // To be there only where it is true.
  if (from['streaming'] === true) into['gen_ai.request.stream'] = true;
  const reasons = from['finish_reason'];
  if (typeof reasons === 'string') into['gen_ai.response.finish_reasons'] = reasons.split(',');
  const type = outputType(from['response_format']);
  if (type !== undefined) into['gen_ai.output.type'] = type;
  if (prompt !== undefined) into['gen_ai.input.messages'] = [asMessage({ role: 'user', content: prompt })];
  if (isChat) addConversation(into, from);
  return { ...event, event_properties: into };
}

function operationName(operation: string, method: JsonValue | undefined): string {
  if (operation === 'chat_completion' && typeof method === 'string' && /generateContent/i.test(method)) {
    return 'generate_content';
  }
  return operations[operation] ?? operation;
}

function outputType(format: JsonValue | undefined): string | undefined {
  if (typeof format !== 'string') return undefined;
  if (format.includes('json')) return 'json';
  return format === 'text' || format === 'text/plain' ? 'text' : undefined;
}

function addConversation(into: Properties, { messages, output, tool_calls: calls }: Properties): void {
  if (Array.isArray(messages)) into['gen_ai.input.messages'] = messages.map(asMessage);
  const parts: JsonValue[] = typeof output === 'string' ? [{ type: 'text', content: output }] : [];
  // Arguments stay a string: Amplitude would make a property of each key that a model thought of.
  if (Array.isArray(calls)) parts.push(...calls.map((call) => ({ type: 'tool_call', ...(call as object) })));
  if (parts.length > 0) into['gen_ai.output.messages'] = [{ role: 'assistant', parts }];
}

function asMessage(message: JsonValue): JsonValue {
  const { role, content } = { ...(message as { role?: JsonValue; content?: JsonValue }) };
  const parts = content === undefined ? [] : [{ type: 'text', content }];
  return role === undefined ? { parts } : { role, parts };
}
