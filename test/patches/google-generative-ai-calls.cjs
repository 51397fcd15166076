'use strict';

// Calls of @google/generative-ai for `fire-and-forget.cjs`; see `plain-calls.cjs`.

const model = 'gemini-standin';
const modelOf = ({ sdk, baseUrl }) => new sdk.GoogleGenerativeAI('none').getGenerativeModel({ model }, { baseUrl });

module.exports = {
  provider: 'google-generative-ai',
  connect: (sdk, baseUrl) => ({ sdk, baseUrl }),
  ask: (client, prompt) => modelOf(client).generateContent(prompt),
  // The result has a second promise, which rejects with the stream: `google-unhandled.cjs` leaves that one alone, too.
  async openStream(client, prompt) {
    const { stream, response } = await modelOf(client).generateContentStream(prompt);
    response.catch(() => undefined);
    return stream;
  },
};
