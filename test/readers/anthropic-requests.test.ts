import { messages } from '../../src/patches/anthropic/messages';
import { limits, text } from './expect-facts';
import { pixel, saidIn } from './said';

describe('a request to messages.create', () => {
  it('tells its parameters', () => {
    const request = {
      model: 'claude-sonnet-5',
      max_tokens: 9,
      system: 'Be brief',
      messages: [{ role: 'user', content: 'Hi' }],
      stop_sequences: ['a', 'b'],
      stream: true,
      temperature: 0.5,
      top_p: 0.9,
      tools: [{ name: 'secret' }],
      thinking: { type: 'enabled', budget_tokens: 1_024 },
      output_config: { effort: 'max', format: { type: 'json_schema', schema: { title: 'secret' } } },
    };
    const read = {
      model: 'claude-sonnet-5',
      streaming: true,
      messages: [{ role: 'user', content: text('Hi') }],
      messageCount: 1,
      inputLength: 2,
      maxTokens: 9,
      stopSequenceCount: 2,
      temperature: 0.5,
      topP: 0.9,
      toolCount: 1,
      reasoningEffort: 'max',
      responseFormat: 'json_schema',
    };
    expect(messages.readRequest(request as never, limits)).toEqual(read);
    const older = { ...request, output_config: undefined, output_format: { type: 'json_schema', schema: {} } };
    expect(messages.readRequest(older as never, limits)).toEqual({ ...read, reasoningEffort: undefined });
  });

  it.each([
    ['text', { type: 'text', text: 'Hi', cache_control: {} }, 'Hi'],
    [
      'an image',
      { type: 'image', source: { type: 'base64', media_type: 'image/gif', data: pixel } },
      '[image/gif 45 B]',
    ],
    ['a linked image', { type: 'image', source: { type: 'url', url: 'https://example.com/secret' } }, '[image]'],
    [
      'a document',
      { type: 'document', source: { type: 'base64', media_type: 'application/pdf', data: pixel } },
      '[application/pdf 45 B]',
    ],
    ['a plain document', { type: 'document', source: { type: 'text', media_type: 'text/plain', data: 'Hi' } }, 'Hi'],
    ['a call', { type: 'tool_use', id: 't', name: 'f', input: { secret: 1 } }, '[tool_call f]'],
    [
      'a call of the provider',
      { type: 'server_tool_use', id: 't', name: 'web_search', input: {} },
      '[tool_call web_search]',
    ],
    ['a result', { type: 'tool_result', tool_use_id: 't', content: 'sunny' }, 'sunny'],
    ['a result of one part', { type: 'tool_result', content: [{ type: 'text', text: 'sunny' }] }, 'sunny'],
    ['a result of several', { type: 'tool_result', content: [{}, {}] }, '[tool_result of 2 parts]'],
    ['an empty result', { type: 'tool_result', tool_use_id: 't' }, '[tool_result of 0 parts]'],
    ['thinking', { type: 'thinking', thinking: 'secret', signature: 's' }, '[thinking]'],
    ['a search result', { type: 'web_search_tool_result', content: [] }, '[web_search_tool_result]'],
  ])('says %s in words', (...[, part, expected]) => {
    expect(saidIn(messages, part)).toBe(expected);
  });
});
