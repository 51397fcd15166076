import type { JsonValue, LlmEvent } from './types';

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

/** Taken apart below, or said by the name of another one. */
const takenApart: ReadonlySet<string> = new Set(['provider', 'operation', 'streaming', 'finish_reason']);
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
  const isConversation = !(operation in namesByOperation) && operation !== 'function';
  const isPrompt = isConversation && from['messages'] === undefined && isChat(operation);
  const into: Properties = {};
  for (const [name, value] of Object.entries(from)) {
    if (takenApart.has(name) || (isConversation && conversation.has(name)) || (isPrompt && name === 'input')) continue;
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
  if (isConversation) addConversation(into, from, isPrompt);
  return { ...event, event_properties: into };
}

function isChat(operation: string): boolean {
  return operation === 'chat_completion' || operation === 'text_completion';
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

interface Message {
  readonly role?: string;
  readonly content?: string;
}

interface ToolCall {
  readonly name?: string;
  readonly arguments?: string;
}

function addConversation(into: Properties, from: Properties, isPrompt: boolean): void {
  const { messages, input, output, tool_calls: calls } = from;
  if (Array.isArray(messages)) into['gen_ai.input.messages'] = (messages as (Message | null)[]).map(asParts);
  // A string is the user's message, to the APIs that take one.
  else if (isPrompt && typeof input === 'string')
    into['gen_ai.input.messages'] = [asParts({ role: 'user', content: input })];
  const parts: JsonValue[] = typeof output === 'string' ? [{ type: 'text', content: output }] : [];
  // Arguments stay a string: Amplitude would make a property of each key that a model thought of.
  if (Array.isArray(calls))
    parts.push(...(calls as (ToolCall | null)[]).map((call) => ({ type: 'tool_call', ...call })));
  if (parts.length > 0) into['gen_ai.output.messages'] = [{ role: 'assistant', parts }];
}

function asParts(message: Message | null): JsonValue {
  const { role, content } = message ?? {};
  const parts = content === undefined ? [] : [{ type: 'text', content }];
  return role === undefined ? { parts } : { role, parts };
}
