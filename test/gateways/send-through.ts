import Anthropic from '@anthropic-ai/sdk';
import OpenAI, { AzureOpenAI, type ClientOptions } from 'openai';
import type { ProviderServer } from '../support/start-provider';

export interface Clients {
  openai(baseURL: string, options?: ClientOptions): OpenAI;
  anthropic(baseURL: string, options?: { defaultHeaders?: Record<string, string> }): Anthropic;
  azure(deployment?: string): AzureOpenAI;
}

/** Clients whose base URL is a gateway's, and whose requests arrive at the stand-in: only `fetch` knows. */
export function clientsOf(server: ProviderServer): Clients {
  const route = (input: string | URL | Request, init?: RequestInit): Promise<Response> => {
    const { host, pathname } = new URL(input instanceof Request ? input.url : input);
    return fetch(`${server.url}/gateways/${host}${pathname}`, init);
  };
  const common = { apiKey: 'sk-none', maxRetries: 0, fetch: route };
  return {
    openai: (baseURL, options) => new OpenAI({ ...common, baseURL, ...options }),
    anthropic: (baseURL, options) => new Anthropic({ ...common, baseURL, ...options }),
    azure: (deployment) =>
      new AzureOpenAI({
        ...common,
        endpoint: 'https://mine.openai.azure.com',
        apiVersion: '2024-10-21',
        ...(deployment !== undefined && { deployment }),
      }),
  };
}

export async function drain(stream: AsyncIterable<unknown>): Promise<void> {
  for await (const chunk of stream) void chunk;
}
