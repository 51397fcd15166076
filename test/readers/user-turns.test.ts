import { withConversation } from '../../src/patches/shared/read-messages';
import type { RequestFacts } from '../../src/types';
import { limits } from './expect-facts';

const readOf = (messages: unknown, given = limits): RequestFacts => withConversation({}, messages, given, () => 'x');

const throwing = {
  get role(): never {
    throw new Error('broken');
  },
};

describe('a conversation goes on without the user', () => {
  it.each<[string, unknown]>([
    ['after the result of a tool, in Chat Completions', { role: 'tool', tool_call_id: 'c', content: '18' }],
    ['after the result of a function', { role: 'function', name: 'f', content: '18' }],
    ['after the result of a function, in Responses', { type: 'function_call_output', call_id: 'c', output: '18' }],
    ['after something that is no message, in Responses', { type: 'item_reference', id: 'i' }],
    ['after the result of a tool, of Anthropic', { role: 'user', content: [{ type: 'tool_result', content: '18' }] }],
    ['after the result of a tool, of Bedrock', { role: 'user', content: [{ toolResult: { toolUseId: 't' } }] }],
    ['after the result of a function, of Gemini', { role: 'user', parts: [{ functionResponse: { name: 'f' } }] }],
    ['after the result of a function without a role, of Gemini', { parts: [{ functionResponse: { name: 'f' } }] }],
    ['after the result of a tool, in the AI SDK', { role: 'tool', content: [{ type: 'tool-result' }] }],
    ['with the beginning of an answer', { role: 'assistant', content: '{' }],
    ['with the words of the model, of Gemini', { role: 'model', parts: [{ text: 'Hi' }] }],
    ['with an instruction alone', { role: 'system', content: 'Be brief.' }],
  ])('%s', (_, last) => {
    expect(readOf([{ role: 'user', content: 'Hi' }, last]).goesOn).toBe(true);
  });

  it('and where the words may not leave too', () => {
    expect(readOf([{ role: 'tool' }], { ...limits, messages: 0 })).toEqual({
      messageCount: 1,
      inputLength: 0,
      goesOn: true,
    });
  });
});

describe('a conversation is at a turn of the user', () => {
  it.each<[string, unknown]>([
    ['after a message', { role: 'user', content: 'Hi' }],
    ['after a message of Cohere', { role: 'USER', message: 'Hi' }],
    ['after a message of type message, in Responses', { type: 'message', role: 'user', content: 'Hi' }],
    ['after a message without a role', { parts: [{ text: 'Hi' }] }],
    ['after a string', 'Hi'],
    ['after a picture', { role: 'user', content: [{ type: 'image_url' }] }],
    ['after words beside the result of a tool', { role: 'user', content: [{ type: 'tool_result' }, { type: 'text' }] }],
    ['after an empty message', { role: 'user', content: [] }],
    ['after something unknown', null],
    ['after a message that can not be read', throwing],
  ])('%s', (_, last) => {
    expect(readOf([{ role: 'assistant', content: 'Hello' }, last])).not.toHaveProperty('goesOn');
  });

  it('or has not begun', () => {
    expect(readOf([])).not.toHaveProperty('goesOn');
    expect(readOf(undefined)).toEqual({});
  });
});
