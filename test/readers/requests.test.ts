import { responses } from '../../src/patches/openai/responses';
import { chatCompletions } from '../../src/patches/shared/chat-completions';
import { limits, text } from './expect-facts';
import { pixel, said, saidIn } from './said';

describe('a request to chat.completions.create', () => {
  it('tells its parameters, and of a response format only the type', () => {
    const request = {
      model: 'gpt-5',
      stream: true,
      messages: [
        { role: 'developer', content: 'Be brief' },
        { role: 'user', content: 'Hi' },
      ],
      tools: [{ type: 'function' }, { type: 'custom' }],
      temperature: 0,
      top_p: 0.5,
      max_tokens: 1,
      max_completion_tokens: 2,
      stop: ['a', 'b', 'c'],
      seed: 42,
      reasoning_effort: 'high',
      verbosity: 'low',
      service_tier: 'flex',
      response_format: { type: 'json_schema', json_schema: { name: 'secret', schema: {} } },
    };
    expect(chatCompletions.readRequest(request as never, limits)).toEqual({
      model: 'gpt-5',
      streaming: true,
      messages: [
        { role: 'developer', content: text('Be brief') },
        { role: 'user', content: text('Hi') },
      ],
      messageCount: 2,
      inputLength: 10,
      toolCount: 2,
      temperature: 0,
      topP: 0.5,
      maxTokens: 2,
      stopSequenceCount: 3,
      seed: 42,
      reasoningEffort: 'high',
      askedTier: 'flex',
      responseFormat: 'json_schema',
    });
  });

  it('may say stop as a string, tools as functions, and its limit and effort in the older and the other way', () => {
    const request = {
      model: 'm',
      messages: [],
      stop: 'x',
      functions: [{}],
      max_tokens: 9,
      reasoning: { effort: 'low' },
    };
    expect(chatCompletions.readRequest(request as never, limits)).toEqual({
      model: 'm',
      streaming: false,
      messages: [],
      messageCount: 0,
      inputLength: 0,
      stopSequenceCount: 1,
      toolCount: 1,
      maxTokens: 9,
      reasoningEffort: 'low',
    });
  });

  it('says nothing of what is null', () => {
    const nulls = { stop: null, tools: null, temperature: null, seed: null, response_format: null, stream: null };
    expect(chatCompletions.readRequest({ model: 'm', messages: null, ...nulls } as never, limits)).toEqual({
      model: 'm',
      streaming: false,
    });
  });

  it.each([
    ['text', { type: 'text', text: 'Hi' }, 'Hi'],
    [
      'an inline image',
      { type: 'image_url', image_url: { url: `data:image/jpeg;base64,${pixel}` } },
      '[image/jpeg 45 B]',
    ],
    ['a linked image', { type: 'image_url', image_url: { url: 'https://example.com/?token=secret' } }, '[image]'],
    ['audio', { type: 'input_audio', input_audio: { data: pixel, format: 'wav' } }, '[audio/wav 45 B]'],
    ['audio of an unknown format', { type: 'input_audio', input_audio: { data: pixel } }, '[audio 45 B]'],
    [
      'a file',
      { type: 'file', file: { filename: 'secret.pdf', file_data: `data:application/pdf;base64,${pixel}` } },
      '[application/pdf 45 B]',
    ],
    ['an uploaded file', { type: 'file', file: { file_id: 'file-1' } }, '[file]'],
    ['a refusal', { type: 'refusal', refusal: 'No' }, 'No'],
    ['a part of a kind yet to come', { type: 'video_url', video_url: { url: 'secret' } }, '[video_url]'],
  ])('says %s in words', (...[, part, expected]) => {
    expect(saidIn(chatCompletions, part)).toBe(expected);
  });

  it.each([
    ['a tool message', { role: 'tool', tool_call_id: 'a', content: 'sunny' }, 'sunny'],
    [
      'an array of texts',
      {
        role: 'system',
        content: [
          { type: 'text', text: 'a' },
          { type: 'text', text: 'b' },
        ],
      },
      'a\nb',
    ],
    ['a refusal', { role: 'assistant', refusal: 'No' }, 'No'],
    [
      'calls without content',
      { role: 'assistant', content: null, tool_calls: [call('f'), call('g')] },
      '[tool_call f] [tool_call g]',
    ],
    ['calls with empty content', { role: 'assistant', content: '', tool_calls: [call('f')] }, '[tool_call f]'],
    [
      'a custom call',
      { role: 'assistant', tool_calls: [{ type: 'custom', custom: { name: 'sql', input: 'secret' } }] },
      '[tool_call sql]',
    ],
    [
      'an old function call',
      { role: 'assistant', content: null, function_call: { name: 'f', arguments: 'secret' } },
      '[tool_call f]',
    ],
    ['nothing', { role: 'user', content: '' }, ''],
  ])('says %s', (...[, message, expected]) => {
    expect(said(chatCompletions, message)).toEqual({ role: message.role, content: text(expected) });
  });

  it('keeps the last five messages, the beginning of each, and the length of all', () => {
    const many = Array.from({ length: 12 }, (_, index) => ({ role: 'user', content: `${index} ${'x'.repeat(300)}` }));
    const { messages, messageCount, inputLength } = chatCompletions.readRequest(
      { model: 'm', messages: many } as never,
      limits,
    );
    expect(messageCount).toBe(12);
    expect(inputLength).toBe(10 * 302 + 2 * 303);
    expect(messages).toHaveLength(5);
    expect(messages?.[0]?.content).toEqual({ text: `7 ${'x'.repeat(198)}`, length: 302 });
  });
});

describe('a request to responses.create', () => {
  it('tells its parameters', () => {
    const request = {
      model: 'gpt-5',
      input: 'Hi',
      instructions: 'Be brief',
      max_output_tokens: 9,
      temperature: 1,
      top_p: 1,
      tools: [{ type: 'web_search' }],
      reasoning: { effort: 'low', summary: 'auto' },
      text: { format: { type: 'json_object' }, verbosity: 'low' },
    };
    expect(responses.readRequest(request as never, limits)).toEqual({
      model: 'gpt-5',
      streaming: false,
      input: text('Hi'),
      inputLength: 2,
      maxTokens: 9,
      temperature: 1,
      topP: 1,
      toolCount: 1,
      reasoningEffort: 'low',
      responseFormat: 'json_object',
    });
  });

  it.each([
    ['text', { type: 'input_text', text: 'Hi' }, 'Hi'],
    ['an inline image', { type: 'input_image', image_url: `data:image/png;base64,${pixel}` }, '[image/png 45 B]'],
    ['an uploaded image', { type: 'input_image', file_id: 'file-1', image_url: null }, '[image]'],
    [
      'a file',
      { type: 'input_file', filename: 'secret', file_data: `data:text/plain;base64,${pixel}` },
      '[text/plain 45 B]',
    ],
    ['a linked file', { type: 'input_file', file_url: 'https://example.com/secret' }, '[file]'],
    ['an answer', { type: 'output_text', text: 'Hello', annotations: [] }, 'Hello'],
  ])('says %s in words', (...[, part, expected]) => {
    expect(saidIn(responses, part)).toBe(expected);
  });

  it.each([
    ['a call', { type: 'function_call', name: 'f', arguments: 'secret' }, '[tool_call f]'],
    ['a custom call', { type: 'custom_tool_call', name: 'sql', input: 'secret' }, '[tool_call sql]'],
    ['a call of the provider', { type: 'web_search_call', action: {} }, '[tool_call web_search]'],
    ['the result of a call', { type: 'function_call_output', call_id: 'a', output: 'sunny' }, 'sunny'],
    [
      'a result in parts',
      {
        type: 'function_call_output',
        output: [
          { type: 'input_text', text: 'a' },
          { type: 'input_image', image_url: 'x' },
        ],
      },
      'a\n[image]',
    ],
    ['reasoning', { type: 'reasoning', summary: [], encrypted_content: 'secret' }, '[reasoning]'],
    ['reasoning in clear', { type: 'reasoning', content: [{ type: 'reasoning_text', text: 'secret' }] }, '[reasoning]'],
    ['a reference', { type: 'item_reference', id: 'secret' }, '[item_reference]'],
  ])('says %s among its items', (...[, item, expected]) => {
    expect(said(responses, item)).toEqual({ content: text(expected) });
  });
});

function call(name: string): object {
  return { id: 'a', type: 'function', function: { name, arguments: 'secret' } };
}
