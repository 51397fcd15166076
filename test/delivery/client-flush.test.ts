import { createTracingClient, type TracingClient } from '../../src/delivery/tracing-client';
import { startFaultServer, type FaultServer } from './fault-server';

let server: FaultServer;
let client: TracingClient;
let count = 0;

beforeEach(async () => {
  server = await startFaultServer();
  client = createTracingClient('a-key', { serverUrl: server.url });
});
afterEach(async () => {
  client.save();
  await server.close();
  jest.restoreAllMocks();
});

function track(): string {
  const insert_id = `event-${count++}`;
  client.track({ event_type: 'x', event_properties: {}, time: Date.now(), insert_id, device_id: 'device-1' });
  return insert_id;
}

describe('the flush of a tracing client', () => {
  // A timer of Node fires at once where it is to wait for more than 2 ** 31 milliseconds, and warns.
  it.each<[Parameters<TracingClient['flush']>[0]]>([[Infinity], [2 ** 31], [{ timeout: 5_000 }], [{}], [undefined]])(
    'waits for its events: flush(%j)',
    async (timeout) => {
      const warned = jest.spyOn(process, 'emitWarning');
      server.always({ status: 200, delay: 100, takes: true });
      const id = track();
      await client.flush(timeout);
      await client.sendSpooled(timeout);
      expect([...server.taken]).toEqual([id]);
      expect(client.status().delivered).toBe(1);
      expect(warned).not.toHaveBeenCalled();
    },
  );

  it.each([[30], [{ timeout: 30 }], [0]])('ends at its deadline: flush(%j)', async (timeout) => {
    server.always('hang');
    track();
    const start = Date.now();
    await client.flush(timeout);
    await client.sendSpooled(timeout);
    expect(Date.now() - start).toBeLessThan(5_000);
    expect(client.status().pending).toBe(1);
  });
});
