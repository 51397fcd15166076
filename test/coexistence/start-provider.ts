import { createRequire } from 'node:module';

interface ProviderServer {
  readonly url: string;
  close(): Promise<void>;
}

const { startProviderServer } = createRequire(__filename)('../../demo/stand-ins/provider-server.js') as {
  startProviderServer(): Promise<ProviderServer>;
};

/** Starts the stand-in for OpenAI and Anthropic. */
export const startProvider = (): Promise<ProviderServer> => startProviderServer();
