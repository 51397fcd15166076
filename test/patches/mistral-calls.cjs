'use strict';

// See plain-calls.cjs.

const request = (content) => ({ model: 'mistral-small-latest', messages: [{ role: 'user', content }] });

module.exports = {
  provider: 'mistral',
  connect: ({ Mistral }, url) => new Mistral({ apiKey: 'none', serverURL: `${url}/mistral` }),
  ask: (client, prompt) => client.chat.complete(request(prompt)),
  openStream: (client, prompt) => client.chat.stream(request(prompt)),
};
