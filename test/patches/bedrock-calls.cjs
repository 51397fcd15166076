'use strict';

// See plain-calls.cjs.

const { NodeHttpHandler } = require('@smithy/node-http-handler');

const input = (text) => ({ modelId: 'amazon.nova-lite-v1:0', messages: [{ role: 'user', content: [{ text }] }] });
const credentials = { accessKeyId: 'none', secretAccessKey: 'none' };

let sdk;

module.exports = {
  provider: 'bedrock',
  connect(exports, endpoint) {
    sdk = exports;
    const requestHandler = new NodeHttpHandler();
    return new sdk.BedrockRuntimeClient({ region: 'us-east-1', endpoint, credentials, requestHandler, maxAttempts: 1 });
  },
  ask: (client, prompt) => client.send(new sdk.ConverseCommand(input(prompt))),
  openStream: (client, prompt) =>
    client.send(new sdk.ConverseStreamCommand(input(prompt))).then(({ stream }) => stream),
};
