/* eslint-disable @typescript-eslint/no-explicit-any -- internals of generated clients, found by feature */

/**
 * The framework that makes a call through a Stainless client, by the user agent that it puts in front of the SDK's:
 * `langchainjs-openai/1.0.0 (node/v22.23.3; ...)` or `langchainjs-azure-openai/2.0.0` in the default headers of the
 * client that it makes (`getHeadersWithUserAgent` in @langchain/openai), `Agents/JavaScript 0.20.0` in the headers of
 * each request (`HEADERS` in @openai/agents-openai).
 *
 * Nothing else tells them apart: @langchain/anthropic and @llamaindex/openai leave no sign of their own
 * (docs/sdk-notes/frameworks.md), and a call that has none has no framework. This is the caller's time: a few properties
 * are read, and no header is looked up by name in any case but the one that these two write.
 */
export function frameworkOf(client: any, options: any): string | undefined {
  const headers = options?.headers;
  const ofRequest = headers ? byUserAgent(headers['User-Agent']) : undefined;
  if (ofRequest !== undefined) return ofRequest;
  const defaults = client?._options?.defaultHeaders;
  return defaults ? byUserAgent(defaults['User-Agent']) : undefined;
}

function byUserAgent(agent: unknown): string | undefined {
  if (typeof agent !== 'string') return undefined;
  if (agent.startsWith('langchainjs-')) return 'langchain';
  if (agent.startsWith('Agents/JavaScript ')) return 'openai-agents';
  return undefined;
}
