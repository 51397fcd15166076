'use strict';

const { join } = require('node:path');

exports.modules = ['@anthropic-ai/claude-agent-sdk'];

exports.run = async (modules, url) => {
  const { query } = modules['@anthropic-ai/claude-agent-sdk'];
  const told = {};
  const options = {
    pathToClaudeCodeExecutable: join(__dirname, 'claude-code.mjs'),
    executable: 'node',
    // What an application can do to have a Node.js process of its own traced there.
    executableArgs: JSON.parse(process.env.EXECUTABLE_ARGUMENTS ?? '[]'),
    settingSources: [],
    env: { ...process.env, ANTHROPIC_BASE_URL: url },
  };
  for await (const message of query({ prompt: 'Hi', options })) {
    if (message.type === 'system') told.nodeOptions = message.node_options ?? null;
    if (message.type === 'result') told.result = message.result;
  }
  return told;
};
