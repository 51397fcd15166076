'use strict';

// Hugging Face's calls for `plain-calls.cjs`.

const request = (content) => ({ model: 'm', messages: [{ role: 'user', content }] });

module.exports = {
  provider: 'huggingface',
  connect: (sdk, url) => ({ sdk, endpointUrl: `${url}/v1` }),
  ask: ({ sdk, endpointUrl }, prompt) => sdk.chatCompletion({ endpointUrl, ...request(prompt) }),
  // A generator sends nothing before it is asked for a chunk.
  async openStream({ sdk, endpointUrl }, prompt) {
    const stream = sdk.chatCompletionStream({ endpointUrl, ...request(prompt) });
    await stream.next();
    return stream;
  },
};
