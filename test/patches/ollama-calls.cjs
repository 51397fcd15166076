'use strict';

// See plain-calls.cjs.

const request = (content, extra) => ({ model: 'llama3.2', messages: [{ role: 'user', content }], ...extra });

module.exports = {
  provider: 'ollama',
  connect: ({ Ollama }, host) => new Ollama({ host }),
  ask: (client, prompt) => client.chat(request(prompt)),
  openStream: (client, prompt) => client.chat(request(prompt, { stream: true })),
};
