import { buildEvent, type EventRules } from '../src/build-event';
import type { LlmOperation } from '../src/operation';
import type { JsonValue } from '../src/types';
import { fullOperation } from './support/full-operation';
import { openRules } from './support/open-rules';

const shut: Partial<EventRules> = { privacyMode: true, includePrompts: false, includeResponses: false };

function properties(operation: Partial<LlmOperation>, rules: Partial<EventRules>): Record<string, JsonValue> {
  return buildEvent({ ...fullOperation, ...operation }, { ...openRules, ...rules }).event_properties;
}

const text = (value: string): { text: string; length: number } => ({ text: value, length: value.length });

describe('an earlier answer in the history', () => {
  it.each(['assistant', 'Assistant', 'ASSISTANT', 'model', 'Model', 'ai', 'AI', 'bot', 'CHATBOT', 'chatbot'])(
    'is an answer, and stays where answers stay, under the role %s',
    (role) => {
      const messages = [
        { role, content: text('an earlier answer') },
        { role: 'user', content: text('a question') },
      ];
      const shown = properties({ request: { messages } }, { includeResponses: false })['messages'];
      expect(shown).toEqual([{ role }, { role: 'user', content: 'a question' }]);
    },
  );
});

it('leaves out what is no text where there should be one: a patch of the application must not cost the event', () => {
  const wrong = { wrong: true } as never;
  const operation: Partial<LlmOperation> = {
    ...{ provider: wrong, framework: wrong, sdkVersion: wrong, method: wrong, name: wrong, requestId: wrong },
    request: { model: wrong, input: wrong, responseFormat: wrong, messages: [{ role: 'user', content: wrong }] },
    response: { model: wrong, id: wrong, serviceTier: wrong, outputs: [{ text: wrong, finishReason: wrong }] },
    error: { message: wrong, type: wrong, code: wrong },
  };
  for (const rules of [{}, shut]) {
    const shown = properties(operation, rules);
    expect(shown).toMatchObject({ sdk: 'openai', outcome: 'error', latency_ms: 812.3 });
    expect(JSON.stringify(shown)).not.toContain('wrong');
  }
});

describe('in privacy mode', () => {
  it('the method of a call by hand has the form of a name, or is left out', () => {
    expect(properties({ method: 'tell me about Joan' }, shut)).not.toHaveProperty('method');
    expect(properties({ method: 'chat.completions.create' }, shut)['method']).toBe('chat.completions.create');
    expect(properties({ method: 'tell me about Joan' }, {})['method']).toBe('tell me about Joan');
  });

  it('a number is a number: what a patch of the application says in its place is left out', () => {
    const canary = 'CANARY' as never;
    const known = properties({}, shut);
    const operation: Partial<LlmOperation> = {
      request: {
        ...{
          model: 'm-1',
          seed: canary,
          temperature: [canary] as never,
          topP: NaN,
          inputCount: { a: canary } as never,
        },
        ...{ toolCount: canary, maxTokens: canary, stopSequenceCount: canary, messageCount: canary },
      },
      response: { usage: { inputTokens: canary, outputTokens: 3 } },
      ...{ httpStatus: canary, retryCount: canary, streaming: canary },
    };
    const shown = properties(operation, { ...shut, properties: { mine: 'as I say' } });
    expect(JSON.stringify(shown)).not.toContain('CANARY');
    expect(shown).toMatchObject({ model: 'm-1', output_tokens: 3, mine: 'as I say' });
    expect(shown).not.toHaveProperty('top_p');
    expect(known).toMatchObject({ seed: 0, temperature: 0, input_tokens: 20, streaming: true, outcome: 'error' });
  });
});
