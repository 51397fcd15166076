'use strict';

// A provider inside of the process, as the `fetch` of a client: no sockets, which would keep memory for reasons of
// their own.

const json = (body, status = 200) =>
  new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/json' } });

const completion = (content) => ({
  id: 'chatcmpl-1',
  object: 'chat.completion',
  model: 'm-1',
  choices: [{ index: 0, message: { role: 'assistant', content }, finish_reason: 'stop' }],
  usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 },
});

const chunk = (content) => ({
  id: 'chatcmpl-1',
  object: 'chat.completion.chunk',
  model: 'm-1',
  choices: [{ index: 0, delta: { content }, finish_reason: null }],
});

/** Makes each event when it is asked for, so that nothing waits in a queue. */
function eventStream(count, eventAt) {
  let at = 0;
  const encoder = new TextEncoder();
  const pull = (controller) => {
    if (at < count) return controller.enqueue(encoder.encode(eventAt(at++)));
    controller.enqueue(encoder.encode('data: [DONE]\n\n'));
    controller.close();
  };
  const body = new ReadableStream({ pull }, { highWaterMark: 0 });
  return new Response(body, { headers: { 'content-type': 'text/event-stream' } });
}

const chatStream = (count, content) => eventStream(count, () => `data: ${JSON.stringify(chunk(content))}\n\n`);

const messageEvents = [
  { type: 'message_start', message: { id: 'msg_1', model: 'm-1', content: [], usage: { input_tokens: 1 } } },
  { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } },
  ...Array.from({ length: 8 }, () => ({
    type: 'content_block_delta',
    index: 0,
    delta: { type: 'text_delta', text: 'hello ' },
  })),
];

const messageStream = () =>
  eventStream(
    messageEvents.length,
    (at) => `event: ${messageEvents[at].type}\ndata: ${JSON.stringify(messageEvents[at])}\n\n`,
  );

module.exports = { json, completion, chatStream, messageStream };
