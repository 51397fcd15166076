import { createRequire } from 'node:module';
import type { AmplitudeClient, LlmEvent } from '../../src';
import { startAmplitudeServer } from '../loading/stand-ins';

const { createInstance } = createRequire(__filename)('@amplitude/analytics-node') as {
  createInstance(): Pick<AmplitudeClient, 'track'> & {
    init(key: string, options: object): { promise: Promise<void> };
    flush(): { promise: Promise<void> };
  };
};

/** The real analytics client, in front of the stand-in for the ingestion server: what that took, and what it refused. */
export async function sentByRealClient(
  count: number,
  use: (client: AmplitudeClient) => Promise<void> | void,
): Promise<{ taken: LlmEvent[]; refused: unknown[] }> {
  const server = await startAmplitudeServer();
  const client = createInstance();
  await client.init('key', { serverUrl: server.url, flushIntervalMillis: 10, logLevel: 0 }).promise;
  await use(client);
  await client.flush().promise;
  const deadline = Date.now() + 10_000;
  while (server.events.length + server.refused.length < count && Date.now() < deadline) {
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  await server.close();
  return { taken: server.events as unknown as LlmEvent[], refused: [...server.refused] };
}
