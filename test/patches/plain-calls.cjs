'use strict';

// Calls whose failures nobody handles, for an SDK whose methods return plain promises. `calls` is what a file beside
// this one exports for its SDK:
//
//   provider                           the name in `providers`
//   connect(sdk, url)                  a client for the stand-in
//   ask(client, prompt)                a promise of an answer
//   openStream(client, prompt)         a promise of something that can be iterated

module.exports = { plainCalls };

function plainCalls({ connect, ask, openStream }, sdk, url) {
  const client = (faults) => connect(sdk, url + faults);
  const failing = (prompt) => ask(client('/400-99'), prompt);
  return {
    awaitedByNobody: () => void failing('nobody awaits'),
    streamAwaitedByNobody: () => void openStream(client('/400-99'), 'nobody awaits the stream'),
    then: () => void failing('then').then(() => undefined),
    finally: () => void failing('finally').finally(() => undefined),
    otherStatus: () => void ask(client('/401-99'), 'another status'),
    twice() {
      const promise = failing('twice');
      void promise.then(() => undefined);
      void promise.then(() => undefined);
    },
    handledLate() {
      const promise = failing('handled');
      promise.catch(() => undefined);
    },
    refused: () => void ask(connect(sdk, 'http://127.0.0.1:1'), 'refused'),
    brokenStream: () =>
      void openStream(client('/cut-4'), 'long').then(async (stream) => {
        for await (const chunk of stream) void chunk;
      }),
    nextByNobody: () =>
      void openStream(client('/cut-1'), 'next').then(async (stream) => {
        const iterator = stream[Symbol.asyncIterator]();
        await iterator.next();
        void iterator.next();
      }),
  };
}
