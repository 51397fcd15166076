'use strict';

// Calls of @google/genai for `fire-and-forget.cjs`; see `plain-calls.cjs`.

const model = 'gemini-standin';

module.exports = {
  provider: 'google',
  connect: (sdk, url) => new sdk.GoogleGenAI({ apiKey: 'none', vertexai: false, httpOptions: { baseUrl: url } }),
  ask: (client, prompt) => client.models.generateContent({ model, contents: prompt }),
  // Without functions to be called it is sent at once, and not when somebody reads.
  openStream: (client, prompt) =>
    client.models.generateContentStream({
      model,
      contents: prompt,
      config: { automaticFunctionCalling: { disable: true } },
    }),
};
