'use strict';

// See plain-calls.cjs.

const request = (content) => ({ model: 'command-a-03-2025', messages: [{ role: 'user', content }] });
// The SDK waits a second before it tries again.
const options = { maxRetries: 0 };

module.exports = {
  provider: 'cohere',
  connect: ({ CohereClientV2 }, url) => new CohereClientV2({ token: 'none', environment: `${url}/cohere` }),
  ask: (client, prompt) => client.chat(request(prompt), options),
  openStream: (client, prompt) => client.chatStream(request(prompt), options),
};
