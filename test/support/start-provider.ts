import { createRequire } from 'node:module';

/** The stand-in for OpenAI and Anthropic; see the head of its file for what a prompt or a path makes it do. */
export interface ProviderServer {
  readonly url: string;
  /** What arrived, oldest first. */
  readonly requests: readonly { path: string; headers: Record<string, string>; body: unknown }[];
  close(): Promise<void>;
}

export const { startProviderServer } = createRequire(__filename)('../../demo/stand-ins/provider-server.js') as {
  startProviderServer(): Promise<ProviderServer>;
};
