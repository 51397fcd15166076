import {
  annotate,
  annotateClient,
  disableLlmTracing,
  enableLlmTracing,
  withLlmContext,
  type LlmEvent,
} from '../../src';
import { startProviderServer, type ProviderServer } from '../support/start-provider';
import { everySdk, readToEnd, type Sdk } from './every-sdk';

let server: ProviderServer;
let events: LlmEvent[];

beforeAll(async () => {
  server = await startProviderServer();
});
afterAll(() => server.close());
afterEach(() => disableLlmTracing());

/** The users of the events of what is run, with one SDK traced. */
async function usersOf(
  { provider, exports }: Pick<Sdk, 'provider' | 'exports'>,
  run: () => unknown,
): Promise<unknown[]> {
  events = [];
  const client = { track: (event: LlmEvent) => void events.push(event) };
  const handle = enableLlmTracing(client, { noWarning: true, deviceId: 'device-1', modules: { [provider]: exports } });
  await run();
  await handle.flush();
  handle.disable();
  return events.map((event) => event.user_id);
}

describe.each(everySdk.map((sdk) => [sdk.title, sdk] as const))('%s', (_title, sdk) => {
  const { connect, ask, stream } = sdk;

  it('annotate() holds for that one call, whole and streamed', async () => {
    const users = await usersOf(sdk, async () => {
      const client = connect(server.url);
      await ask(client, (given) => annotate(given, { userId: 'user-of-call' }));
      await readToEnd(await stream(client, (given) => annotate(given, { userId: 'user-of-stream' })));
      await ask(client, (given) => given);
    });
    expect(users).toEqual(['user-of-call', 'user-of-stream', undefined]);
  });

  it('annotateClient() holds for the calls of that one client, whole and streamed', async () => {
    const client = connect(server.url);
    expect(annotateClient(client, { userId: 'user-of-client' })).toBe(client);
    const users = await usersOf(sdk, async () => {
      await ask(client, (given) => given);
      await readToEnd(await stream(client, (given) => given));
      await ask(connect(server.url), (given) => given);
      await ask(client, (given) => annotate(given, { userId: 'user-of-call' }));
      await withLlmContext({ userId: 'user-of-context' }, () => ask(client, (given) => given));
    });
    expect(users).toEqual(['user-of-client', 'user-of-client', undefined, 'user-of-call', 'user-of-context']);
  });
});
