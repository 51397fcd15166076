import type { LlmEvent } from '../../src';
import type { EventRules } from '../../src/build-event';
import { deliverEvents } from '../../src/deliver-events';
import type { Text } from '../../src/types';
import { fullOperation } from '../support/full-operation';
import { openRules } from '../support/open-rules';
import { anthropicClient, chat, drain, hello, openaiClient, sentOf, typesOf, useServers } from './sent-of';

useServers();

describe('the schema both', () => {
  it('is the llm_operation event, and after it those of Agent Analytics, each taken once', async () => {
    const sent = await sentOf({ schema: 'both' }, chat);
    expect(typesOf(sent)).toEqual(['llm_operation', '[Agent] User Message', '[Agent] AI Response']);
    const [operation, ...agent] = sent.events;
    expect(operation?.event_properties).toMatchObject({ model: 'gpt-5', output: 'Hello from the stand-in.' });
    for (const event of agent) {
      expect(event.insert_id).toContain(operation?.insert_id);
      expect(event.event_properties['[Agent] Trace ID']).toBe(operation?.event_properties['trace_id']);
    }
    expect(sent).toMatchObject({ operations: 1, tracked: 3 });
  });
});

describe('the schema otel', () => {
  it('is one llm_operation event with the names of OpenTelemetry', async () => {
    const sent = await sentOf({ schema: 'otel' }, () =>
      drain(
        openaiClient().chat.completions.create({ ...hello, stream: true, stream_options: { include_usage: true } }),
      ),
    );
    expect(typesOf(sent)).toEqual(['llm_operation']);
    const { event_properties: properties } = sent.events[0] as LlmEvent;
    expect(properties).toMatchObject({
      'gen_ai.operation.name': 'chat',
      'gen_ai.request.model': 'gpt-5',
      'gen_ai.response.model': 'gpt-5-2025-01-01',
      'gen_ai.request.stream': true,
      'gen_ai.response.finish_reasons': ['stop'],
      'gen_ai.usage.input_tokens': 20,
      'gen_ai.usage.cache_read.input_tokens': 8,
      'gen_ai.usage.reasoning.output_tokens': 4,
      'gen_ai.input.messages': [{ role: 'user', parts: [{ type: 'text', content: 'hello' }] }],
      'gen_ai.output.messages': [{ role: 'assistant', parts: [{ type: 'text', content: 'Hello from the stand-in.' }] }],
      outcome: 'ok',
    });
    expect(properties).not.toHaveProperty('model');
    expect(sent).toMatchObject({ operations: 1, tracked: 1 });
  });

  it('says of an error what class it is', async () => {
    const failing = anthropicClient('/400-9');
    const request = { ...hello, model: 'claude', max_tokens: 9 };
    const sent = await sentOf({ schema: 'otel' }, () => failing.messages.create(request).then(null, () => 0));
    expect(sent.events[0]?.event_properties).toMatchObject({ 'error.type': 'BadRequestError', outcome: 'error' });
  });
});

describe('every schema', () => {
  it.each([undefined, 'llm_operation'] as const)('%s is the llm_operation event as ever', async (schema) => {
    const sent = await sentOf(schema ? { schema } : {}, chat);
    expect(typesOf(sent)).toEqual(['llm_operation']);
    expect(sent.events[0]?.event_properties).toMatchObject({ model: 'gpt-5', operation: 'chat_completion' });
  });

  it.each(['agent', 'both', 'otel'] as const)('%s shows beforeSend the llm_operation event, once', async (schema) => {
    const seen: LlmEvent[] = [];
    const beforeSend = (event: LlmEvent): LlmEvent => {
      seen.push(structuredClone(event));
      event.event_properties['output'] = 'shorter';
      return event;
    };
    const sent = await sentOf({ schema, beforeSend }, chat);
    expect(seen.map((event) => event.event_type)).toEqual(['llm_operation']);
    expect(seen[0]?.event_properties).toMatchObject({ model: 'gpt-5', output: 'Hello from the stand-in.' });
    const text = JSON.stringify(sent.events);
    expect(text).toContain('shorter');
    expect(text).not.toContain('Hello from the stand-in.');
  });

  it.each(['agent', 'both', 'otel'] as const)('%s sends nothing of a call that beforeSend drops', async (schema) => {
    const sent = await sentOf({ schema, beforeSend: () => null }, chat);
    expect(sent.events).toEqual([]);
    expect(sent).toMatchObject({ operations: 1, tracked: 0, dropped: { before_send: 1 } });
  });

  it.each(['agent', 'both', 'otel'] as const)('%s leaves an event of another type as it is', async (schema) => {
    const beforeSend = (event: LlmEvent): LlmEvent => ({ ...event, event_type: 'mine' });
    const sent = await sentOf({ schema, beforeSend }, chat);
    expect(typesOf(sent)).toEqual(['mine']);
    expect(sent.events[0]?.event_properties).toMatchObject({ model: 'gpt-5' });
  });

  // The server cuts a string of more than 1,024 characters, and the client halves its batches for good after a 413.
  it.each(['agent', 'both', 'otel'] as const)(
    '%s sends nothing that is too large, and loses nothing',
    async (schema) => {
      const limits = { maxMessages: 50, maxMessageLength: 1_023, maxResponseLength: 1_023, maxPromptLength: 1_023 };
      const properties = Object.fromEntries(Array.from({ length: 9 }, (_, at) => [`mine_${at}`, 'x'.repeat(500)]));
      const messages = Array.from({ length: 60 }, () => ({ role: 'user' as const, content: '\u0001é"'.repeat(500) }));
      messages.push({ role: 'user', content: 'long '.repeat(400) });
      const sent = await sentOf({ schema, properties, ...limits }, () =>
        openaiClient().chat.completions.create({ model: 'gpt-5', messages }),
      );
      expect(sent).toMatchObject({ tracked: schema === 'both' ? 3 : schema === 'agent' ? 2 : 1, dropped: {} });
      expect(JSON.stringify(sent.events.at(-1))).toContain('mine_8');
      expect(JSON.stringify(sent.events.at(-1))).toContain('lorem ipsum');
    },
  );

  it.each(['agent', 'both', 'otel'] as const)('%s has room for its longer names in an event of any size', (schema) => {
    const text = (length: number): Text => ({ text: '"'.repeat(length), length });
    for (let length = 20; length < 200; length += 1) {
      const seen: LlmEvent[] = [];
      const counters = { operations: 0, tracked: 0, dropped: {}, internalErrors: 0 };
      const rules: EventRules = { ...openRules, maxMessages: 50, maxMessageLength: 1_023, userId: 'user-1' };
      const client = { track: (event: LlmEvent) => seen.push(event) };
      const delivery = deliverEvents(client, () => rules, { debug: false, schema }, counters);
      const messages = Array.from({ length: 50 }, () => ({ role: 'user', content: text(length) }));
      const toolCalls = Array.from({ length: 20 }, (_, index) => ({
        index,
        name: 'x'.repeat(9),
        arguments: text(length),
      }));
      const outputs = [{ text: text(500), toolCalls, finishReason: 'stop' }];
      delivery.report({
        ...fullOperation,
        request: { ...fullOperation.request, messages },
        response: { ...fullOperation.response, outputs },
      });
      delivery.drain();
      expect([length, counters.tracked, counters.dropped]).toEqual([length, seen.length, {}]);
      const sizes = seen.map((event) => Buffer.byteLength(JSON.stringify(event)));
      expect([length, sizes.filter((size) => size > 16 * 1_024)]).toEqual([length, []]);
    }
  });
});
