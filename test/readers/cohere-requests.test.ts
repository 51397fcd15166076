import * as v1 from '../../src/patches/cohere/chat-v1';
import * as v2 from '../../src/patches/cohere/chat-v2';
import { embed, rerank } from '../../src/patches/cohere/inputs';
import { limits, text } from './expect-facts';

const chat = v2.chat('v2.chatStream', true);
const oldChat = v1.chat('chatStream', true);

describe('a request', () => {
  it('of version 2 is read in camel case', () => {
    const given = {
      ...{ model: 'm', temperature: 0, p: 0.5, maxTokens: 9, stopSequences: ['a'], seed: 7, tools: [{}] },
      responseFormat: { type: 'json_object' },
      messages: [
        { role: 'system', content: 'Be brief.' },
        { role: 'user', content: [{ type: 'image_url', imageUrl: { url: 'data:image/png;base64,AAAA' } }] },
        { role: 'assistant', toolCalls: [{ function: { name: 'weather', arguments: '{}' } }] },
        { role: 'assistant', toolPlan: 'secret', toolCalls: [{ function: { name: 'weather', arguments: '{}' } }] },
        { role: 'tool', content: [{ type: 'document', document: { data: {} } }] },
      ],
    };
    expect(chat.readRequest(given, limits)).toMatchObject({
      ...{ model: 'm', streaming: true, temperature: 0, topP: 0.5, maxTokens: 9, stopSequenceCount: 1, seed: 7 },
      ...{ toolCount: 1, responseFormat: 'json_object', messageCount: 5 },
      messages: [
        { role: 'system', content: text('Be brief.') },
        { role: 'user', content: text('[image/png 3 B]') },
        { role: 'assistant', content: text('[tool_call weather]') },
        { role: 'assistant', content: text('[thinking]\n[tool_call weather]') },
        { role: 'tool', content: text('[document]') },
      ],
    });
  });

  it('of version 1 is one conversation', () => {
    const given = { preamble: 'Be brief.', chatHistory: [{ role: 'CHATBOT', message: 'Yes?' }], message: 'Hello' };
    expect(oldChat.readRequest(given, limits)).toMatchObject({
      messageCount: 3,
      messages: [
        { role: 'SYSTEM', content: text('Be brief.') },
        { role: 'CHATBOT', content: text('Yes?') },
        { role: 'USER', content: text('Hello') },
      ],
    });
  });

  it('of embed is texts, pictures, or inputs of parts', () => {
    const read = (request: object): unknown => embed('embed').readRequest(request, limits);
    expect(read({ texts: ['one', 'two'] })).toMatchObject({ input: text('one\ntwo'), inputCount: 2 });
    const url = 'data:image/png;base64,AAAA';
    expect(read({ images: [url] })).toMatchObject({ input: text('[image/png 3 B]'), inputCount: 1 });
    const parts = [
      { content: [{ type: 'text', text: 'one' }] },
      { content: [{ type: 'image_url', imageUrl: { url } }] },
    ];
    expect(read({ inputs: parts })).toMatchObject({ input: text('one\n[image/png 3 B]'), inputCount: 2 });
  });

  it('of rerank is its query', () => {
    const given = { model: 'm', query: 'which?', documents: ['a', { text: 'b' }] };
    expect(rerank('rerank').readRequest(given, limits)).toMatchObject({ input: text('which?'), inputCount: 2 });
  });
});
