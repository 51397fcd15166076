import { llmObservabilityPlugin, type LlmObservabilityPluginOptions } from '../src';
import { sharedState } from '../src/shared-state';
import { takeOutText } from '../src/plugin/take-out-text';

const nothing = { includePrompts: false, includeResponses: false };
const answersOnly = { includePrompts: false, includeResponses: true };
const promptsOnly = { includePrompts: true, includeResponses: false };

/** Where a text of the event is left: with both, prompts only, answers only, neither. */
function leftIn(type: string, name: string, value: unknown): string {
  const isLeft = (rules: typeof nothing): boolean =>
    JSON.stringify(takeOutText(type, { [name]: value }, rules)).includes('canary');
  const both = { includePrompts: true, includeResponses: true };
  const sides = { both, prompts: promptsOnly, answers: answersOnly, neither: nothing };
  return Object.entries(sides)
    .filter(([, rules]) => isLeft(rules))
    .map(([side]) => side)
    .join(', ');
}

describe('a text', () => {
  const asked = 'both, prompts';
  const answered = 'both, answers';

  it.each([
    ['llm_operation', 'messages', asked],
    ['llm_operation', 'input', asked],
    ['llm_operation', 'prompt', asked],
    ['llm_operation', 'system_prompt', asked],
    ['llm_operation', 'output', answered],
    ['llm_operation', 'response', answered],
    ['llm_operation', 'completion', answered],
    ['llm_operation', 'error', 'both'],
    ['llm_operation', 'error_message', 'both'],
    ['llm_operation', 'gen_ai.input.messages', asked],
    ['llm_operation', 'gen_ai.system_instructions', asked],
    ['llm_operation', 'gen_ai.output.messages', answered],
    ['llm_operation', 'gen_ai.tool.call.arguments', 'both'],
    ['llm_operation', 'gen_ai.tool.call.result', 'both'],
    ['llm_operation', 'error.message', 'both'],
    ['[Agent] User Message', '$llm_message', asked],
    ['[Agent] AI Response', '$llm_message', answered],
    ['[Agent] Something New', '$llm_message', 'both'],
    ['[Agent] AI Response', '[Agent] System Prompt', asked],
    ['[Agent] Tool Call', '[Agent] Tool Input', 'both'],
    ['[Agent] Tool Call', '[Agent] Tool Output', 'both'],
    ['[Agent] Span', '[Agent] Input State', 'both'],
    ['[Agent] AI Response', '[Agent] Error Message', 'both'],
    ['llm_operation', 'a_property_of_the_user', 'both, prompts, answers, neither'],
  ])('of %s in %s is left with %s', (type, name, expected) => {
    const values = [{ text: 'canary' }, [{ role: 'user', content: 'canary' }]];
    for (const value of values) expect(leftIn(type, name, value)).toBe(expected);
  });

  it.each([
    [[{ role: 'assistant', content: 'canary' }]],
    [[{ role: 'model', parts: [{ text: 'canary' }] }]],
    [[{ role: 'CHATBOT', message: 'canary' }]],
    [[{ role: 'bot', content: 'canary' }]],
    [[{ role: 'AI', content: 'canary' }]],
    [{ role: 'assistant', content: 'canary' }],
    [JSON.stringify([{ role: 'assistant', content: 'canary' }])],
    [[['canary']]],
    ['a conversation as one text, canary'],
  ])('of an earlier answer in messages (%j) is an answer', (messages) => {
    expect(leftIn('llm_operation', 'messages', messages)).toBe('both');
  });

  it.each([
    [[{ name: 'f', arguments: '{"city":"canary"}' }]],
    [[{ type: 'function', function: { name: 'f', arguments: 'canary' } }]],
    [[{ type: 'tool_use', name: 'f', input: { city: 'canary' } }]],
    [[{ name: 'canary is a sentence' }]],
    [{ f: 'canary' }],
    [['canary']],
    [JSON.stringify([{ name: 'f', arguments: 'canary' }])],
    ['f("canary")'],
  ])('of the arguments of a tool (%j) is an answer', (calls) => {
    expect(leftIn('llm_operation', 'tool_calls', calls)).toBe('both, answers');
    expect(leftIn('[Agent] AI Response', '[Agent] Tool Calls', calls)).toBe('both, answers');
  });

  it('keeps the names of tools, in JSON too', () => {
    const calls = JSON.stringify([{ type: 'function', function: { name: 'get_weather', arguments: '{}' } }]);
    const { tool_calls: kept } = takeOutText('llm_operation', { tool_calls: calls }, nothing);
    expect(kept).toBe('[{"type":"function","function":{"name":"get_weather"}}]');
  });

  it.each(['error_type', 'error_code', 'error.type', '[Agent] Error Type'])(
    'in %s is a name where it is one word',
    (name) => {
      expect(takeOutText('llm_operation', { [name]: 'RateLimitError' }, nothing)).toEqual({ [name]: 'RateLimitError' });
      expect(leftIn('llm_operation', name, 'said canary')).toBe('both');
      expect(leftIn('llm_operation', name, 'canary'.repeat(100))).toBe('both');
      expect(leftIn('llm_operation', name, '您的提示词包含canary')).toBe('both');
    },
  );
});

describe('what is left', () => {
  it('is the very same values where nothing is to be changed', () => {
    const messages = [{ role: 'user', content: [{ type: 'image', data: new Uint8Array(3) }] }];
    const kept = takeOutText('llm_operation', { messages }, { includePrompts: true, includeResponses: true });
    expect(kept['messages']).toBe(messages);
  });

  it('is not what can not be read', () => {
    const properties = {
      get input(): string { throw new Error('broken'); }, // prettier-ignore
      tool_calls: [{ get name(): string { throw new Error('broken'); } }], // prettier-ignore
      model: 'm',
    };
    expect(takeOutText('llm_operation', properties, { includePrompts: true, includeResponses: false })).toEqual({
      model: 'm',
    });
  });

  it('can not change the prototype of the event', () => {
    const properties = JSON.parse('{"__proto__":{"polluted":true},"constructor":"x","model":"m"}') as object;
    const kept = takeOutText('llm_operation', properties, nothing);
    expect(kept).toEqual({ constructor: 'x', model: 'm' });
    expect(Object.getPrototypeOf(kept)).toBe(Object.prototype);
  });
});

describe('the plugin', () => {
  const problems: unknown[] = [];

  beforeEach(() => {
    problems.length = 0;
    sharedState().problem = (...problem) => problems.push(problem);
  });
  afterEach(() => {
    delete sharedState().problem;
  });

  const unreadable = new Proxy({ input: 'canary' }, { ownKeys: () => fail() });

  it.each<[string, unknown, unknown]>([
    ['an event with unreadable properties', { event_type: 'llm_operation', event_properties: unreadable }, undefined],
    [
      'an event that can not be copied',
      Object.defineProperty({ event_type: 'llm_operation', user_id: 'user-1' }, 'x', { enumerable: true, get: fail }),
      'user-1',
    ],
    [
      'an event whose properties can not be read',
      Object.defineProperty({ event_type: 'llm_operation', device_id: 'd' }, 'event_properties', { get: fail }),
      undefined,
    ],
  ])('gives %s back without its properties, and reports it', async (...[, event, user]) => {
    const shown = await llmObservabilityPlugin(nothing).execute(event as object);
    expect(shown).toMatchObject({ event_type: 'llm_operation', event_properties: { llm_observability_enabled: true } });
    expect((shown as { user_id?: unknown }).user_id).toBe(user);
    expect(JSON.stringify(shown)).not.toContain('canary');
    expect(problems).toHaveLength(1);
  });

  it.each<unknown>([
    undefined,
    null,
    7,
    'llm_operation',
    {},
    { event_type: 7 },
    { event_type: 'llm_feedback', event_properties: { input: 'x' } },
    { event_type: '$identify' },
  ])('gives back the same object where it is no event of a model', async (event) => {
    const shown: unknown = await llmObservabilityPlugin(nothing).execute(event);
    expect(shown).toBe(event);
  });

  it('works on a copy of events, which may be frozen', async () => {
    const event = Object.freeze({
      event_type: 'llm_operation',
      event_properties: Object.freeze({ input: 'canary', model: 'm' }),
    });
    const shown = await llmObservabilityPlugin(nothing).execute(event);
    expect(shown.event_properties).toEqual({ model: 'm', llm_observability_enabled: true });
    expect(event.event_properties).toEqual({ input: 'canary', model: 'm' });
  });

  it('leaves a text out where redact can not do its work', async () => {
    const plugin = llmObservabilityPlugin({ redact: () => fail() });
    const event = { event_type: 'llm_operation', event_properties: { input: 'canary', model: 'm' } };
    expect((await plugin.execute(event)).event_properties).toEqual({ model: 'm', llm_observability_enabled: true });
  });

  it('hands on what JSON can not hold only as what it can, where texts are looked at', async () => {
    const cyclic: Record<string, unknown> = { text: 'a', big: 1n };
    cyclic['self'] = cyclic;
    const event = { event_type: 'llm_operation', event_properties: { input: cyclic as unknown } };
    const shown = await llmObservabilityPlugin({ maxLength: 10 }).execute(event);
    expect(shown.event_properties.input).toEqual({ text: 'a', big: '1' });
  });

  it.each<[unknown, RegExp]>([
    [null, /options must be an object/],
    [['includePrompts'], /options must be an object/],
    [true, /options must be an object/],
    [{ includePrompts: 'no' }, /includePrompts must be true or false/],
    [{ includeResponses: 0 }, /includeResponses must be true or false/],
    [{ includePrompt: false }, /includePrompt is not one of the options includePrompts, includeResponses/],
    [{ maxLength: 2_000 }, /maxLength must be a whole number from 0 to 1023/],
    [{ redact: ['mail'] }, /redact must be .*'email'/],
    [{ redact: 'email' }, /redact must be a function/],
    [{ properties: { model: 'm' } }, /properties must be an object without 'model'/],
    [{ properties: 7, maxLength: -1 }, /maxLength.*; .*properties|properties.*; .*maxLength/],
  ])('refuses %j with a TypeError', (options, message) => {
    const make = (): unknown => llmObservabilityPlugin(options as LlmObservabilityPluginOptions);
    expect(make).toThrow(TypeError);
    expect(make).toThrow(message);
    expect(make).toThrow(/^llmObservabilityPlugin: /);
  });

  it('lets a client set its name and its type again', () => {
    const plugin = llmObservabilityPlugin();
    // analytics-node 1.5.73 assigns both where they are not there, so they must not be frozen.
    expect(() => Object.assign(plugin, { name: plugin.name, type: plugin.type })).not.toThrow();
    expect(plugin).toMatchObject({ name: 'llm-observability', type: 'enrichment' });
  });
});

function fail(): never {
  throw new Error('broken');
}
