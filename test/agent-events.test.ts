import { agentEvents } from '../src/agent-events';
import { buildEvent } from '../src/build-event';
import { propertyNames } from '../src/event-properties';
import type { JsonValue, LlmEvent } from '../src/types';
import { fullOperation } from './support/full-operation';
import { openRules } from './support/open-rules';

type Properties = Record<string, JsonValue>;

const call: Properties = {
  operation: 'chat_completion',
  outcome: 'ok',
  trace_id: 'trace-1',
  span_id: 'span-1',
  llm_trace_version: '1.2.3',
};

function eventOf(properties: Properties, fields: Partial<LlmEvent> = {}): LlmEvent {
  return {
    event_type: 'llm_operation',
    event_properties: { ...call, ...properties },
    time: 1_760_000_000_000,
    insert_id: 'id-1',
    user_id: 'user-1',
    device_id: 'device-1',
    groups: { company: 'acme' },
    ...fields,
  };
}

const shaped = (properties: Properties, goesOn = false): LlmEvent[] => agentEvents(eventOf(properties), goesOn);
const typesOf = (events: readonly LlmEvent[]): string[] => events.map((event) => event.event_type);

/** What came of the call. */
function mainOf(properties: Properties, goesOn = false): LlmEvent {
  return shaped(properties, goesOn).at(-1) as LlmEvent;
}

const conversation: JsonValue = [
  { role: 'system', content: 'Be brief.' },
  { role: 'user', content: 'Weather in Paris?' },
];

describe('a turn of a conversation', () => {
  const [user, answer] = shaped({
    messages: conversation,
    message_count: 2,
    output: 'Sunny.',
    response_model: 'gpt-5-2025',
    model: 'gpt-5',
    provider: 'openai',
    latency_ms: 812.3,
    tags: 'mine',
  }) as [LlmEvent, LlmEvent];

  it('is what the user said when the call began', () => {
    expect(user).toEqual({
      event_type: '[Agent] User Message',
      event_properties: {
        '[Agent] Component Type': 'user_input',
        '[Agent] Message ID': 'id-1:user',
        '[Agent] Agent ID': 'llm-trace',
        '[Agent] Session ID': 'trace-1',
        '[Agent] Trace ID': 'trace-1',
        '[Agent] Turn ID': 2,
        '[Agent] SDK Version': 'llm-trace/1.2.3',
        '[Agent] Runtime': 'node',
        $llm_message: { text: 'Weather in Paris?' },
        tags: 'mine',
      },
      time: 1_760_000_000_000,
      insert_id: 'id-1:user',
      user_id: 'user-1',
      device_id: 'device-1',
      groups: { company: 'acme' },
    });
  });

  it('is what the model answered when the call was over', () => {
    expect(answer).toEqual({
      event_type: '[Agent] AI Response',
      event_properties: {
        operation: 'chat_completion',
        outcome: 'ok',
        model: 'gpt-5',
        message_count: 2,
        tags: 'mine',
        '[Agent] Component Type': 'llm',
        '[Agent] Message ID': 'id-1:response',
        '[Agent] Agent ID': 'llm-trace',
        '[Agent] Session ID': 'trace-1',
        '[Agent] Trace ID': 'trace-1',
        '[Agent] Span ID': 'span-1',
        '[Agent] Turn ID': 3,
        '[Agent] SDK Version': 'llm-trace/1.2.3',
        '[Agent] Runtime': 'node',
        '[Agent] Model Name': 'gpt-5-2025',
        '[Agent] Provider': 'openai',
        '[Agent] Latency Ms': 812.3,
        '[Agent] Is Error': false,
        '[Agent] System Prompt': 'Be brief.',
        $llm_message: { text: 'Sunny.' },
      },
      time: 1_760_000_000_812,
      insert_id: 'id-1:response',
      user_id: 'user-1',
      device_id: 'device-1',
      groups: { company: 'acme' },
    });
  });

  it('has ids that are the same whenever it is put into other words: what is sent twice is there once', () => {
    const ids = (): string[] => shaped({ messages: conversation }).map((event) => event.insert_id);
    expect(ids()).toEqual(ids());
    expect(new Set([...ids(), 'id-1']).size).toBe(3);
  });
});

describe('what the user said', () => {
  it.each<[string, Properties, boolean, JsonValue | undefined]>([
    ['the last message, of a user', { messages: [{ role: 'user', content: 'Hi' }] }, false, { text: 'Hi' }],
    ['the last message, of a USER', { messages: [{ role: 'USER', content: 'Hi' }] }, false, { text: 'Hi' }],
    ['a message without a role', { messages: [{ content: 'Hi' }] }, false, { text: 'Hi' }],
    ['a string', { input: 'Hi' }, false, { text: 'Hi' }],
    ['a prompt', { operation: 'text_completion', input: 'Once' }, false, { text: 'Once' }],
    ['words that may not leave', { message_count: 3 }, false, undefined],
    ['a string that may not leave', { input_length: 3 }, false, undefined],
    ['no words', { messages: [{ role: 'user', content: '' }] }, false, undefined],
    ['a message without text', { messages: [{ role: 'user' }], input: 'other' }, false, undefined],
  ])('is told of %s', (title, properties, goesOn, content) => {
    const [user] = shaped(properties, goesOn);
    expect(user?.event_type).toBe('[Agent] User Message');
    expect(user?.event_properties['$llm_message']).toEqual(content);
  });

  // An agent sends the whole conversation with each step; Amplitude's own wrappers look for the last answer too.
  it.each<[string, Properties, boolean]>([
    [
      'the result of a tool',
      {
        messages: [
          { role: 'user', content: 'Hi' },
          { role: 'tool', content: '18' },
        ],
      },
      false,
    ],
    ['the result of a tool in a message of the user', { messages: [{ role: 'user', content: '18' }] }, true],
    ['the result of a tool that may not leave', { message_count: 3 }, true],
    ['the beginning of an answer', { messages: [{ role: 'assistant', content: '{' }] }, false],
    ['nothing', { messages: [], message_count: 0 }, false],
    ['something unknown', {}, false],
    ['an input of an embedding', { operation: 'embedding', input: 'Hi' }, false],
    ['the prompt of a picture', { operation: 'image_generation', input: 'A cat' }, false],
    ['an input of a tool', { operation: 'tool', input: 'Hi' }, false],
  ])('is not told of %s', (title, properties, goesOn) => {
    expect(typesOf(shaped(properties, goesOn))).not.toContain('[Agent] User Message');
  });
});

describe('what an operation becomes', () => {
  it.each([
    ['chat_completion', '[Agent] AI Response', 'llm'],
    ['text_completion', '[Agent] AI Response', 'llm'],
    ['image_generation', '[Agent] AI Response', 'llm'],
    ['transcription', '[Agent] AI Response', 'llm'],
    ['translation', '[Agent] AI Response', 'llm'],
    ['speech', '[Agent] AI Response', 'llm'],
    ['prediction', '[Agent] AI Response', 'llm'],
    ['embedding', '[Agent] Embedding', 'embedding'],
    ['tool', '[Agent] Tool Call', 'tool'],
    ['agent', '[Agent] Span', 'agent'],
    ['function', '[Agent] Span', 'span'],
    ['retrieval', '[Agent] Span', 'span'],
    ['moderation', '[Agent] Span', 'span'],
    ['rerank', '[Agent] Span', 'span'],
    ['token_count', '[Agent] Span', 'span'],
  ])('%s: %s', (operation, type, component) => {
    const { event_type: is, event_properties: properties } = mainOf({ operation });
    expect([is, properties['[Agent] Component Type']]).toEqual([type, component]);
  });

  it('a tool that ran is a call with its input and its result', () => {
    const tool = { operation: 'tool', name: 'get_weather', input: '["Paris"]', output: '18', latency_ms: 5 };
    const { event_properties: properties, insert_id: id } = mainOf(tool);
    expect(properties).toMatchObject({
      '[Agent] Tool Name': 'get_weather',
      '[Agent] Tool Input': '["Paris"]',
      '[Agent] Tool Output': '18',
      '[Agent] Tool Success': true,
      '[Agent] Is Error': false,
      '[Agent] Latency Ms': 5,
      '[Agent] Invocation ID': 'id-1:tool',
    });
    expect(id).toBe('id-1:tool');
  });

  it.each([
    ['ok', true, false],
    ['error', false, true],
    ['aborted', false, false],
    ['cancelled', false, false],
  ])('a tool whose outcome is %s: success %s, error %s', (outcome, success, isError) => {
    expect(mainOf({ operation: 'tool', outcome }).event_properties).toMatchObject({
      '[Agent] Tool Success': success,
      '[Agent] Is Error': isError,
    });
  });

  it('a span has its place, and is known by it', () => {
    const span = { operation: 'agent', name: 'planner', parent_span_id: 'span-0', input: 'a', output: 'b' };
    const { event_properties: properties, insert_id: id } = mainOf(span);
    expect(properties).toMatchObject({
      '[Agent] Span Name': 'planner',
      '[Agent] Span ID': 'span-1',
      '[Agent] Parent Span ID': 'span-0',
      '[Agent] Input State': 'a',
      '[Agent] Output State': 'b',
    });
    expect(id).toBe('span-1');
  });

  it('a span without a name has the one of its operation, and one without a place an id all the same', () => {
    const event = eventOf({ operation: 'rerank' });
    delete event.event_properties['span_id'];
    expect(agentEvents(event, false)[0]).toMatchObject({
      event_properties: { '[Agent] Span Name': 'rerank', '[Agent] Span ID': 'id-1:span' },
      insert_id: 'id-1:span',
    });
  });

  // Amplitude sums the cost and the tokens of all events of a session.
  it.each(['token_count', 'rerank', 'moderation'])('%s has no tokens and no cost of an answer', (operation) => {
    const { event_properties: properties } = mainOf({ operation, input_tokens: 5, cost: 0.1, model: 'm' });
    expect(Object.keys(properties).filter((name) => /Tokens|Cost/.test(name))).toEqual([]);
    expect(properties).toMatchObject({ input_tokens: 5, cost: 0.1, model: 'm' });
  });
});

describe('an answer', () => {
  it('has the tool calls that the model asks for as JSON, in the form of the SDKs', () => {
    const calls = [{ name: 'get_weather', arguments: '{"city":"Paris"}' }, { name: 'get_time' }];
    expect(JSON.parse(mainOf({ tool_calls: calls }).event_properties['[Agent] Tool Calls'] as string)).toEqual([
      { type: 'function', function: { name: 'get_weather', arguments: '{"city":"Paris"}' } },
      { type: 'function', function: { name: 'get_time' } },
    ]);
  });

  it.each([
    ['without arguments, where those are too long', 5, 'x', 900, 5],
    ['and fewer of them, where their names are', 20, 'x'.repeat(256), 900, 3],
  ])('has no tool calls that the server would cut: %s', (title, count, name, length, left) => {
    const calls = Array.from({ length: count }, () => ({ name, arguments: '"'.repeat(length) }));
    const json = mainOf({ tool_calls: calls }).event_properties['[Agent] Tool Calls'] as string;
    expect(json.length).toBeLessThanOrEqual(1_024);
    expect(JSON.parse(json)).toEqual(Array.from({ length: left }, () => ({ type: 'function', function: { name } })));
  });

  it('has no content where there is none: an empty one would show as a message without words', () => {
    expect(mainOf({ output: '' }).event_properties).not.toHaveProperty('$llm_message');
    expect(mainOf({}).event_properties).not.toHaveProperty('$llm_message');
  });

  it.each([
    [{ reasoning_tokens: 4 }, { '[Agent] Reasoning Tokens': 4, '[Agent] Has Reasoning': true }],
    [{ reasoning_tokens: 0 }, { '[Agent] Reasoning Tokens': 0 }],
    [{}, {}],
  ])('says of reasoning what is known: %j', (given, expected) => {
    const { event_properties: properties } = mainOf(given as Properties);
    const about = Object.entries(properties).filter(([name]) => name.includes('Reasoning'));
    expect(Object.fromEntries(about)).toEqual(expected);
  });

  it.each([
    ['azure_openai', 'azure-openai'],
    ['aws_bedrock', 'bedrock'],
    ['anthropic', 'anthropic'],
  ])('is by %s, whom Amplitude calls %s', (provider, expected) => {
    expect(mainOf({ provider }).event_properties['[Agent] Provider']).toBe(expected);
  });

  it('has nothing that is not known', () => {
    const names = Object.keys(mainOf({}).event_properties).sort();
    expect(names).toEqual([
      ...['[Agent] Agent ID', '[Agent] Component Type', '[Agent] Is Error', '[Agent] Message ID', '[Agent] Runtime'],
      ...['[Agent] SDK Version', '[Agent] Session ID', '[Agent] Span ID', '[Agent] Trace ID', 'operation', 'outcome'],
    ]);
  });
});

describe('whose it is', () => {
  it('a session that has a name has a number in Amplitude: the same as its own SDKs make', () => {
    const [user, answer] = shaped({ llm_session_id: 'chat-1', messages: conversation });
    for (const event of [user, answer]) {
      expect(event?.event_properties['[Agent] Session ID']).toBe('chat-1');
      // The first 6 bytes of the SHA-256 of the name.
      expect(event?.session_id).toBe(0xea_eb_91_11_b1_c6);
    }
  });

  it('a session that nobody named is the trace, and none of Amplitude', () => {
    const answer = mainOf({});
    expect(answer.event_properties['[Agent] Session ID']).toBe('trace-1');
    expect(answer).not.toHaveProperty('session_id');
  });

  it('the session of the context holds', () => {
    const event = eventOf({ llm_session_id: 'chat-1' }, { session_id: 1_760_000_000_000 });
    expect(agentEvents(event, false).at(-1)?.session_id).toBe(1_760_000_000_000);
  });

  it('what users say of agent, turn and session holds, and what was measured holds against them', () => {
    const own = {
      '[Agent] Agent ID': 'support',
      '[Agent] Turn ID': 7,
      '[Agent] Session ID': 'theirs',
      '[Agent] Env': 'production',
    };
    for (const event of shaped({ ...own, messages: conversation, message_count: 2 })) {
      expect(event.event_properties).toMatchObject(own);
    }
    const measured = { '[Agent] Latency Ms': 1, '[Agent] Is Error': true, '[Agent] Message ID': 'x' };
    expect(agentEvents(eventOf({ ...measured, latency_ms: 5 }), false).at(-1)?.event_properties).toMatchObject({
      '[Agent] Latency Ms': 5,
      '[Agent] Is Error': false,
      '[Agent] Message ID': 'id-1:response',
    });
  });
});

describe('an event that beforeSend has changed', () => {
  it.each<[string, Properties]>([
    ['messages that are none', { messages: [null, 5, 'x'], message_count: 3 }],
    ['roles and contents that are none', { messages: [{ role: 5, content: {} }] }],
    ['tool calls that are none', { tool_calls: [null, 5] }],
    ['lists that are none', { messages: 'x', tool_calls: 'y', output: 5 }],
    ['an operation that is none', { operation: { a: 1 } }],
  ])('is put into words as far as it goes: %s', (title, properties) => {
    for (const event of shaped(properties)) {
      expect(event.event_type).toMatch(/^\[Agent] /);
      expect(typeof event.event_properties['[Agent] Message ID']).toBe('string');
    }
  });
});

describe('a call of which everything is known', () => {
  const rules = { ...openRules, userId: 'user-1', llmSessionId: 'chat-1', properties: { team: 'search' } };
  const event = buildEvent(fullOperation, rules);
  const events = agentEvents(event, false);

  it('leaves what it was given as it is', () => {
    const before = structuredClone(event);
    agentEvents(event, false);
    expect(event).toEqual(before);
  });

  it('says everything that the llm_operation event says, but the history of the conversation', () => {
    const said = JSON.stringify(events.at(-1));
    const isSaid = (value: JsonValue): boolean => said.includes(JSON.stringify(value).replace(/^"|"$/g, ''));
    const lost = Object.entries(event.event_properties).filter(([, value]) => !isSaid(value));
    expect(lost.map(([name]) => name).sort()).toEqual(['messages', 'provider', 'tool_calls']);
    expect(events.at(-1)?.event_properties).toMatchObject({ '[Agent] Provider': 'azure-openai' });
    expect(events.at(-1)?.event_properties['[Agent] Tool Calls']).toContain('get_weather');
  });

  it('names the model that answered, and beside it the one that was asked where that was another one', () => {
    expect(events.at(-1)?.event_properties).toMatchObject({ '[Agent] Model Name': 'gpt-5-2025-08-07', model: 'gpt-5' });
    expect(mainOf({ model: 'm', response_model: 'm' }).event_properties).not.toHaveProperty('model');
    expect(mainOf({ model: 'm' }).event_properties).toMatchObject({ '[Agent] Model Name': 'm' });
  });

  it('says each thing once: no name of ours stays beside the one that it has there', () => {
    const kept = Object.keys(events.at(-1)?.event_properties ?? {}).filter((name) => propertyNames.has(name));
    expect(kept.sort()).toEqual([
      ...['audio_input_tokens', 'audio_output_tokens', 'cost_source', 'error_code', 'framework', 'http_status'],
      ...['input', 'input_count', 'input_length', 'message_count', 'method', 'model', 'name', 'operation', 'outcome'],
      ...['output_length', 'provider_sdk_version', 'reasoning_effort', 'request_id', 'response_format', 'retry_count'],
      ...['sdk', 'seed', 'service_tier', 'stop_sequence_count', 'tool_call_count'],
    ]);
  });
});
