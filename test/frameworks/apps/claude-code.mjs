#!/usr/bin/env node
// Stands where @anthropic-ai/claude-agent-sdk starts Claude Code: it speaks the same lines on standard input and output,
// and makes its model call by itself, as Claude Code does. With the real SDK, found as a package, which is more than
// Claude Code lets anybody see: its own is within its one file.
import { randomUUID } from 'node:crypto';
import { createInterface } from 'node:readline';
import Anthropic from '@anthropic-ai/sdk';

const say = (line) =>
  process.stdout.write(`${JSON.stringify({ session_id: 'session', uuid: randomUUID(), ...line })}\n`);

for await (const line of createInterface({ input: process.stdin })) {
  const { type, request_id, message } = JSON.parse(line);
  if (type === 'control_request') {
    say({
      type: 'control_response',
      response: { subtype: 'success', request_id, response: { commands: [], models: [] } },
    });
  }
  if (type !== 'user') continue;
  const client = new Anthropic({ apiKey: 'none', baseURL: process.env.ANTHROPIC_BASE_URL, maxRetries: 0 });
  const answer = await client.messages.create({ model: 'claude', max_tokens: 9, messages: [message] });
  say({
    type: 'system',
    subtype: 'init',
    model: 'claude',
    tools: [],
    mcp_servers: [],
    node_options: process.env.NODE_OPTIONS,
  });
  say({ type: 'assistant', message: answer, parent_tool_use_id: null });
  say({
    type: 'result',
    subtype: 'success',
    is_error: false,
    result: answer.content[0].text,
    usage: answer.usage,
    total_cost_usd: 0.001,
  });
}
