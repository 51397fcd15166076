import { agentEvents } from '../../src/schemas/agent-events';
import { buildEvent } from '../../src/build-event';
import { propertyNames } from '../../src/event-properties';
import type { JsonValue } from '../../src/types';
import { fullOperation } from '../support/full-operation';
import { openRules } from '../support/open-rules';
import { eventOf, mainOf } from './agent-call';

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
    const place = { span_id: '00f067aa0ba902b7', parent_span_id: 'span-0' };
    const span = { operation: 'agent', name: 'planner', ...place, input: 'a', output: 'b' };
    const { event_properties: properties, insert_id: id } = mainOf(span);
    expect(properties).toMatchObject({
      '[Agent] Span Name': 'planner',
      '[Agent] Span ID': '00f067aa0ba902b7',
      '[Agent] Parent Span ID': 'span-0',
      '[Agent] Input State': 'a',
      '[Agent] Output State': 'b',
    });
    expect(id).toBe('00f067aa0ba902b7');
  });

  // Amplitude drops the second event with an insert id: what the application calls each call of a kind is none.
  it.each([
    ['embedding', 'id-1:embedding'],
    ['agent', 'id-1:span'],
  ])('a place that the application named keeps its name, and is no id of an event: %s', (operation, expected) => {
    const { event_properties: properties, insert_id: id } = mainOf({ operation, span_id: 'embed-query' });
    expect([properties['[Agent] Span ID'], id]).toEqual(['embed-query', expected]);
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
  ])('has no tool calls that the server would cut: %s', (_, count, name, length, left) => {
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
    const { event_properties: properties } = mainOf(given);
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
