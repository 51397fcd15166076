import { gateText, isAnswer, isWord, toJson, type ContentRules, type TextKind } from '../content';

/** What may stay in an event, and how it is changed where it stays. */
export interface TakeOutRules {
  readonly includePrompts: boolean;
  readonly includeResponses: boolean;
  /** Absent: what stays is not changed. */
  readonly gate?: ContentRules | undefined;
}

/** What a property holds. `either`: what prompts or answers may have told; `name`: one word, or the text of an error. */
type Content = 'prompt' | 'answer' | 'either' | 'error' | 'name' | 'messages' | 'calls';

/**
 * The properties that hold text in events about models, whoever made them: under the names of `llm_operation`, of
 * Amplitude's Agent Analytics and of OpenTelemetry. A tool gets what the model wrote, and what it gives goes to the model.
 */
const contents: Readonly<Record<string, Content>> = {
  messages: 'messages',
  input: 'prompt',
  prompt: 'prompt',
  system_prompt: 'prompt',
  output: 'answer',
  response: 'answer',
  completion: 'answer',
  tool_calls: 'calls',
  error: 'error',
  error_message: 'error',
  error_type: 'name',
  error_code: 'name',
  '[Agent] System Prompt': 'prompt',
  '[Agent] Input State': 'either',
  '[Agent] Output State': 'either',
  '[Agent] Tool Calls': 'calls',
  '[Agent] Tool Input': 'either',
  '[Agent] Tool Output': 'either',
  '[Agent] Error Message': 'error',
  '[Agent] Error Type': 'name',
  'gen_ai.system_instructions': 'prompt',
  'gen_ai.prompt': 'prompt',
  'gen_ai.input.messages': 'messages',
  'gen_ai.retrieval.query.text': 'prompt',
  'gen_ai.completion': 'answer',
  'gen_ai.output.messages': 'answer',
  'gen_ai.tool.call.arguments': 'either',
  'gen_ai.tool.call.result': 'either',
  'error.message': 'error',
  'error.type': 'name',
};

/** The words of whoever speaks in an event of Agent Analytics. */
const speakers: Readonly<Record<string, Content>> = {
  '[Agent] User Message': 'prompt',
  '[Agent] AI Response': 'answer',
};

const kinds: Readonly<Record<Content, TextKind>> = {
  prompt: 'input',
  answer: 'output',
  either: 'tool_arguments',
  error: 'error',
  name: 'error',
  messages: 'message',
  calls: 'tool_arguments',
};

/** A copy of the properties of an event, one level deep, without the text that may not leave. Changes nothing given. */
export function takeOutText(type: string, properties: object, rules: TakeOutRules): Record<string, unknown> {
  const kept: Record<string, unknown> = {};
  for (const name of Object.keys(properties)) {
    if (name === '__proto__') continue;
    try {
      const value = (properties as Record<string, unknown>)[name];
      const content = name === '$llm_message' ? (speakers[type] ?? 'either') : contentOf(name);
      const shown = content === undefined ? value : shownOf(content, value, rules);
      if (shown !== undefined) kept[name] = shown;
    } catch {
      // A getter that throws, here or within: what can not be read can not be sent, nor known to be harmless.
    }
  }
  return kept;
}

function contentOf(name: string): Content | undefined {
  return Object.hasOwn(contents, name) ? contents[name] : undefined;
}

function shownOf(content: Content, value: unknown, rules: TakeOutRules): unknown {
  const { includePrompts, includeResponses, gate } = rules;
  if (content === 'name' && isName(value)) return value;
  if (!isAllowed(content, rules)) return undefined;
  const isWhole = includeResponses || (content !== 'messages' && content !== 'calls');
  const allowed = isWhole ? value : withoutAnswers(content, value);
  return gate && (includePrompts || includeResponses) ? gated(allowed, content, gate) : allowed;
}

function isAllowed(content: Content, { includePrompts, includeResponses }: TakeOutRules): boolean {
  if (content === 'calls') return true;
  if (content === 'prompt' || content === 'messages') return includePrompts;
  return content === 'answer' ? includeResponses : includePrompts && includeResponses;
}

/** Some say a sentence where a class or a code should be. */
function isName(value: unknown): boolean {
  return typeof value === 'number' || (typeof value === 'string' && value.length <= 256 && isWord(value));
}

/** Of messages those of others, of tool calls the names. A list can be written as JSON; other text can be an answer. */
function withoutAnswers(content: Content, value: unknown): unknown {
  if (typeof value === 'string') {
    const list = parse(value);
    return list === undefined ? undefined : JSON.stringify(withoutAnswers(content, list));
  }
  const shorten = content === 'calls' ? nameOf : withoutAnswer;
  return Array.isArray(value) ? value.map(shorten) : shorten(value);
}

function parse(text: string): object | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

/** As `buildEvent` does with history: an earlier answer that is sent again is an answer still. */
function withoutAnswer(message: unknown): unknown {
  if (typeof message !== 'object' || message === null) return message;
  if (Array.isArray(message)) return [];
  const { role } = message as { role?: unknown };
  return isAnswer(role) ? { role } : message;
}

function nameOf(call: unknown): unknown {
  if (typeof call !== 'object' || call === null) return {};
  const { id, type, name, function: called } = call as Record<string, unknown>;
  const named = typeof called === 'object' && called !== null ? { function: nameOf(called) } : {};
  const words = Object.entries({ id, type, name }).filter(([, word]) => isName(word));
  return { ...Object.fromEntries(words), ...named };
}

/** Every text within, cut and redacted as those of our own events are; a copy that JSON can hold. */
function gated(value: unknown, content: Content, gate: ContentRules): unknown {
  const isStructure = (key: string): boolean =>
    key === 'role' || key === 'type' || (content === 'calls' && (key === 'name' || key === 'id'));
  const gateIn = (part: unknown): unknown => {
    if (typeof part === 'string') return gateText({ text: part, length: part.length }, kinds[content], gate);
    if (typeof part !== 'object' || part === null) return part;
    if (Array.isArray(part)) return part.map(gateIn);
    const entries = Object.entries(part).map(([key, item]) => [key, isStructure(key) ? item : gateIn(item)]);
    return Object.fromEntries(entries.filter(([, item]) => item !== undefined));
  };
  // Bounded in depth and number, without circles; strings are cut to what the server takes before anything reads them.
  return gateIn(typeof value === 'string' ? value : toJson(value));
}
