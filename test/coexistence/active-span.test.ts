import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { runtimes } from '../support/runtimes';
import { startProvider } from './start-provider';

interface Ids {
  readonly trace_id?: string;
  readonly span_id?: string;
  readonly parent_span_id?: string;
}

const run = promisify(execFile);

describe.each(runtimes)('a call of a process with OpenTelemetry ($label)', ({ node }) => {
  let spans: Record<string, { traceId: string; spanId: string }>;
  let events: Record<string, Ids>;

  beforeAll(async () => {
    const server = await startProvider();
    const env = { ...process.env, SCENARIO: JSON.stringify({ url: server.url }) };
    const { stdout } = await run(node, [join(__dirname, 'apps', 'active-span.cjs')], { env, timeout: 50_000 });
    await server.close();
    ({ spans, events } = JSON.parse(stdout) as { spans: typeof spans; events: typeof events });
  });

  it.each(['await', 'stream', 'anthropic', 'made here'])('carries the ids of the active span (%s)', (model) => {
    expect(events[model]).toMatchObject({ trace_id: spans[model]?.traceId, parent_span_id: spans[model]?.spanId });
  });

  it('has an id of its own, unlike that of any span', () => {
    const own = Object.keys(spans)
      .filter((model) => model !== 'read there')
      .map((model) => events[model]?.span_id);
    for (const id of own) expect(id).toMatch(/^[0-9a-f]{16}$/);
    const ofSpans = Object.values(spans).map(({ spanId }) => spanId);
    expect(new Set([...own, ...ofSpans]).size).toBe(own.length + ofSpans.length);
  });

  it.each(['before', 'outside'])('is a trace of its own where no span is active (%s)', (model) => {
    expect(events[model]).toEqual({
      trace_id: expect.stringMatching(/^[0-9a-f]{32}$/) as string,
      span_id: expect.stringMatching(/^[0-9a-f]{16}$/) as string,
    });
  });
});
