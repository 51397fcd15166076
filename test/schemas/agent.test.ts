import type Anthropic from '@anthropic-ai/sdk';
import type OpenAI from 'openai';
import { observe, withLlmContext } from '../../src';
import {
  anthropicClient,
  chat,
  drain,
  hello,
  openaiClient,
  propertiesOf,
  sentOf,
  tools,
  typesOf,
  useServers,
  type Sent,
} from './sent-of';

useServers();

/** What Amplitude's own check of such events asks of each of them. */
function expectTaken(sent: Sent): void {
  const shared = ['[Agent] Message ID', '[Agent] Invocation ID'];
  for (const { event_type: type, event_properties: properties, ...event } of sent.events) {
    expect(type).toMatch(/^\[Agent\] /);
    for (const name of ['Session ID', 'Agent ID', 'Trace ID', 'SDK Version', 'Runtime', 'Component Type']) {
      expect([type, name, typeof properties[`[Agent] ${name}`]]).toEqual([type, name, 'string']);
    }
    expect(String(event.time)).toMatch(/^\d{13}$/);
    for (const name of shared.filter((each) => each in properties)) expect(properties[name]).toBe(event.insert_id);
    const content = properties['$llm_message'];
    if (content !== undefined) expect(content).toEqual({ text: expect.any(String) as unknown });
    if (type === '[Agent] Span' || type === '[Agent] Tool Call' || type === '[Agent] User Message') {
      expect(Object.keys(properties).filter((name) => /Tokens|Cost/.test(name))).toEqual([]);
    }
  }
  const ids = sent.events.map((event) => event.insert_id);
  expect(new Set(ids).size).toBe(ids.length);
}

describe('the schema agent, with the real SDKs and the real client', () => {
  it.each<[string, () => unknown]>([
    ['whole, of OpenAI', chat],
    ['as a stream, of OpenAI', () => drain(openaiClient().chat.completions.create({ ...hello, stream: true }))],
    ['by Responses, from a string', () => openaiClient().responses.create({ model: 'gpt-5', input: 'hello' })],
    ['by Responses, from items', () => openaiClient().responses.create({ model: 'gpt-5', input: hello.messages })],
    ['of a prompt', () => openaiClient().completions.create({ model: 'gpt-3.5-turbo-instruct', prompt: 'hello' })],
    ['whole, of Anthropic', () => anthropicClient().messages.create({ ...hello, model: 'claude', max_tokens: 9 })],
    [
      'as a stream, of Anthropic',
      () => drain(anthropicClient().messages.create({ ...hello, model: 'claude', max_tokens: 9, stream: true })),
    ],
  ])('an answer %s is what the user said and what the model answered', async (_, call) => {
    const sent = await sentOf({ schema: 'agent' }, call);
    expect(typesOf(sent)).toEqual(['[Agent] User Message', '[Agent] AI Response']);
    expectTaken(sent);
    const [user, answer] = sent.events.map((event) => event.event_properties);
    expect(user?.['$llm_message']).toEqual({ text: 'hello' });
    expect(answer).toMatchObject({ $llm_message: { text: 'Hello from the stand-in.' }, '[Agent] Is Error': false });
    expect(user?.['[Agent] Trace ID']).toBe(answer?.['[Agent] Trace ID']);
    expect(sent.events.map((event) => event.user_id)).toEqual(['user-1', 'user-1']);
    expect(sent).toMatchObject({ operations: 1, tracked: 2, dropped: {} });
  });

  it('has the tokens that the provider says, those of Anthropic with the cached ones', async () => {
    const request = { ...hello, model: 'claude', max_tokens: 9 };
    const sent = await sentOf({ schema: 'agent' }, () => anthropicClient().messages.create(request));
    expect(propertiesOf(sent, '[Agent] AI Response')[0]).toMatchObject({
      '[Agent] Input Tokens': 20,
      '[Agent] Output Tokens': 12,
      '[Agent] Cache Read Tokens': 7,
      '[Agent] Cache Creation Tokens': 3,
      '[Agent] Max Output Tokens': 9,
      '[Agent] Is Streaming': false,
      '[Agent] Finish Reason': 'end_turn',
    });
  });

  // Amplitude's viewer draws one turn per trace: steps of an agent must not show what the user said again.
  it('a loop of an agent with tools is one turn of the user', async () => {
    const weather = observe((city: string) => `18 degrees in ${city}`, {
      name: 'weather',
      kind: 'tool',
      trackAs: true,
    });
    const sent = await sentOf({ schema: 'agent' }, () =>
      withLlmContext({ llmSessionId: 'chat-1', properties: { '[Agent] Agent ID': 'forecaster' } }, async () => {
        const messages: OpenAI.ChatCompletionMessageParam[] = [{ role: 'user', content: 'weather?' }];
        const first = await openaiClient().chat.completions.create({ model: 'gpt-5', messages, tools });
        const answer = first.choices[0]?.message as OpenAI.ChatCompletionMessage;
        messages.push(answer);
        for (const call of answer.tool_calls ?? []) {
          messages.push({ role: 'tool', tool_call_id: call.id, content: weather('Paris') });
        }
        await openaiClient().chat.completions.create({ model: 'gpt-5', messages, tools });
      }),
    );
    expect(typesOf(sent)).toEqual([
      '[Agent] User Message',
      '[Agent] AI Response',
      '[Agent] Tool Call',
      '[Agent] Tool Call',
      '[Agent] AI Response',
    ]);
    expectTaken(sent);
    const all = sent.events.map((event) => event.event_properties);
    expect(new Set(all.map((properties) => properties['[Agent] Trace ID'])).size).toBe(1);
    expect(new Set(all.map((properties) => properties['[Agent] Session ID']))).toEqual(new Set(['chat-1']));
    expect(new Set(all.map((properties) => properties['[Agent] Agent ID']))).toEqual(new Set(['forecaster']));
    expect(new Set(sent.events.map((event) => event.session_id)).size).toBe(1);
    expect(sent.events[0]?.session_id).toBeGreaterThan(0);
    const [asked, , tool, , answered] = all;
    expect(asked?.['[Agent] Turn ID']).toBe(1);
    expect(all[1]?.['[Agent] Turn ID']).toBe(2);
    expect(JSON.parse(all[1]?.['[Agent] Tool Calls'] as string)).toHaveLength(2);
    expect(tool).toMatchObject({
      '[Agent] Tool Name': 'weather',
      '[Agent] Tool Success': true,
      '[Agent] Tool Output': '18 degrees in Paris',
    });
    expect(answered?.['[Agent] Turn ID']).toBe(5);
  });

  it('the results of tools in a message of the user are not what the user said', async () => {
    const result = { type: 'tool_result' as const, tool_use_id: 'toolu_0', content: 'secret 18' };
    const messages: Anthropic.MessageParam[] = [
      { role: 'user', content: 'weather?' },
      { role: 'assistant', content: [{ type: 'tool_use', id: 'toolu_0', name: 'get_weather', input: {} }] },
      { role: 'user', content: [result] },
    ];
    const ask = (): PromiseLike<unknown> =>
      anthropicClient().messages.create({ model: 'claude', max_tokens: 9, messages });
    expect(typesOf(await sentOf({ schema: 'agent' }, ask))).toEqual(['[Agent] AI Response']);
    messages[2] = { role: 'user', content: [result, { type: 'text', text: 'And tomorrow?' }] };
    const both = await sentOf({ schema: 'agent' }, ask);
    expect(typesOf(both)).toEqual(['[Agent] User Message', '[Agent] AI Response']);
  });

  it('in Responses, an agent that goes on after a function says nothing of the user', async () => {
    const call = { type: 'function_call' as const, call_id: 'c', name: 'get_weather', arguments: '{}' };
    const input = [...hello.messages, call, { type: 'function_call_output' as const, call_id: 'c', output: '18' }];
    const sent = await sentOf({ schema: 'agent' }, () => openaiClient().responses.create({ model: 'gpt-5', input }));
    expect(typesOf(sent)).toEqual(['[Agent] AI Response']);
  });

  it('an embedding is an embedding', async () => {
    const sent = await sentOf({ schema: 'agent' }, () =>
      openaiClient().embeddings.create({ model: 'text-embedding-3-small', input: 'hello' }),
    );
    expect(typesOf(sent)).toEqual(['[Agent] Embedding']);
    expectTaken(sent);
    const [properties] = propertiesOf(sent, '[Agent] Embedding');
    expect(properties?.['[Agent] Model Name']).toMatch(/^text-embedding-3-small/);
    expect(properties?.['[Agent] Input Tokens']).toEqual(expect.any(Number));
    expect(properties?.['[Agent] Span ID']).toBe(sent.events[0]?.insert_id);
  });

  it('an error is an answer with an error', async () => {
    const failing = openaiClient('/400-9');
    const sent = await sentOf({ schema: 'agent' }, () => failing.chat.completions.create(hello).then(null, () => 0));
    expect(typesOf(sent)).toEqual(['[Agent] User Message', '[Agent] AI Response']);
    const [answer] = propertiesOf(sent, '[Agent] AI Response');
    expect(answer).toMatchObject({
      '[Agent] Is Error': true,
      '[Agent] Error Type': 'BadRequestError',
      http_status: 400,
    });
    expect(answer?.['[Agent] Error Message']).toContain('hello');
    expect(answer).not.toHaveProperty('$llm_message');
  });

  it('in privacyMode no character of a text leaves, and that the user said something does', async () => {
    const canary = 'canary-5a1f';
    const messages = [
      { role: 'system' as const, content: `${canary} system` },
      { role: 'user' as const, content: `${canary} weather` },
    ];
    const failing = openaiClient('/400-9');
    for (const schema of ['agent', 'both', 'otel'] as const) {
      const { events } = await sentOf({ schema, privacyMode: true }, async () => {
        await openaiClient().chat.completions.create({ model: 'gpt-5', messages, tools });
        await openaiClient().responses.create({ model: 'gpt-5', input: canary });
        await openaiClient().embeddings.create({ model: 'text-embedding-3-small', input: canary });
        await failing.chat.completions.create({ model: 'gpt-5', messages }).then(null, () => 0);
      });
      expect(events.length).toBeGreaterThanOrEqual(4);
      const text = JSON.stringify(events);
      for (const word of [canary, 'Hello from', 'Paris', '$llm_message"', '"parts":[{"type":"text"']) {
        expect([schema, text.includes(word)]).toEqual([schema, false]);
      }
      if (schema === 'otel') continue;
      expect(events.filter((event) => event.event_type === '[Agent] User Message')).toHaveLength(3);
    }
  });
});
