import { agentEvents } from '../../src/schemas/agent-events';
import type { JsonValue, LlmEvent } from '../../src/types';
import { eventOf, mainOf, shaped, typesOf, type Properties } from './agent-call';

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
  ])('is told of %s', (_, properties, goesOn, content) => {
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
  ])('is not told of %s', (_, properties, goesOn) => {
    expect(typesOf(shaped(properties, goesOn))).not.toContain('[Agent] User Message');
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
    const named = agentEvents(eventOf({ ...own, llm_session_id: 'chat-1', messages: conversation }), false);
    expect(named.map((event) => event.event_properties['[Agent] Session ID'])).toEqual(['chat-1', 'chat-1']);
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
  ])('is put into words as far as it goes: %s', (_, properties) => {
    for (const event of shaped(properties)) {
      expect(event.event_type).toMatch(/^\[Agent] /);
      expect(typeof event.event_properties['[Agent] Message ID']).toBe('string');
    }
  });
});
