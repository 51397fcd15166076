import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { agentEvents } from '../../src/schemas/agent-events';
import { buildEvent } from '../../src/build-event';
import { propertyNames } from '../../src/event-properties';
import { otelEvent } from '../../src/schemas/otel-events';
import type { LlmEvent, Operation } from '../../src/types';
import { fullOperation } from '../support/full-operation';
import { openRules } from '../support/open-rules';

const page = readFileSync(join(__dirname, '..', '..', 'docs', 'event.md'), 'utf8');

/** Tables below a heading of the third rank, cell by cell, without the head. */
function tablesOf(heading: string): string[][][] {
  const section = page.split(`\n### ${heading}\n`)[1]?.split(/\n##/)[0] ?? '';
  const tables = section.split('\n\n').filter((block) => block.startsWith('|'));
  return tables.map((table) =>
    table
      .trim()
      .split('\n')
      .slice(2)
      .map((row) =>
        row
          .split('|')
          .slice(1, -1)
          .map((cell) => cell.trim()),
      ),
  );
}

const inCode = (cell: string | undefined): string[] =>
  [...(cell ?? '').matchAll(/`([^`]+)`/g)].map(([, name]) => name ?? '');

// Every operation has a row of its own in the type, so that a new one is missed here.
const operations = Object.keys({
  chat_completion: 0,
  text_completion: 0,
  embedding: 0,
  image_generation: 0,
  transcription: 0,
  translation: 0,
  speech: 0,
  moderation: 0,
  rerank: 0,
  token_count: 0,
  prediction: 0,
  function: 0,
  tool: 0,
  agent: 0,
  retrieval: 0,
} satisfies Record<Operation, 0>) as Operation[];

function fullEvent(operation: Operation): LlmEvent {
  return buildEvent({ ...fullOperation, operation }, { ...openRules, userId: 'user-1', llmSessionId: 'chat-1' });
}

const allAgentEvents = operations.flatMap((operation) => agentEvents(fullEvent(operation), false));

/** The names that are not ours. */
function theirNames(events: readonly LlmEvent[]): string[] {
  const names = events.flatMap((event) => Object.keys(event.event_properties));
  return [...new Set(names)].filter((name) => !propertyNames.has(name)).sort();
}

describe('docs/event.md says of the schema agent', () => {
  const [byOperation = [], properties = []] = tablesOf('Agent Analytics');

  it('what each operation becomes', () => {
    const documented = byOperation.flatMap(([names, types]) =>
      inCode(names).map((name) => [name, inCode(types)] as const),
    );
    const sent = operations.map(
      (operation) => [operation, agentEvents(fullEvent(operation), false).map((event) => event.event_type)] as const,
    );
    expect(Object.fromEntries(documented)).toEqual(Object.fromEntries(sent));
    expect(documented).toHaveLength(operations.length);
  });

  it('the names of each event, and no other', () => {
    const types = [...new Set(allAgentEvents.map((event) => event.event_type))];
    expect(types).toHaveLength(5);
    for (const type of types) {
      const short = type.replace('[Agent] ', '');
      const documented = properties.filter(([, on]) => on === 'all' || on?.split(', ').includes(short));
      const sent = allAgentEvents.filter((event) => event.event_type === type);
      expect([type, documented.flatMap(([name]) => inCode(name)).sort()]).toEqual([type, theirNames(sent)]);
    }
  });

  it('each name once, and only names of ours as where it comes from', () => {
    const names = properties.map(([name]) => name);
    expect(new Set(names).size).toBe(names.length);
    const sources = properties
      .flatMap(([, , source]) => inCode(source))
      .filter((name) => /^[a-z]+_[a-z_]+$/.test(name));
    const others = ['insert_id', 'azure_openai', 'aws_bedrock', 'user_input'];
    expect(sources.filter((name) => !propertyNames.has(name) && !others.includes(name))).toEqual([]);
  });
});

describe('properties of the application', () => {
  const theirs = ['[Agent] Agent ID', '[Agent] Session ID', '[Agent] Turn ID'];
  const named = (names: readonly string[]): Record<string, string> =>
    Object.fromEntries(names.map((name) => [name, 'mine']));
  const withOwn = (operation: Operation, properties: Record<string, string>): LlmEvent => {
    const event = fullEvent(operation);
    return { ...event, event_properties: { ...event.event_properties, ...properties } };
  };

  it('can not say otherwise what the schema agent says, nor what is known of an answer beside a message', () => {
    const own = named(theirNames(allAgentEvents).filter((name) => !theirs.includes(name)));
    expect(Object.keys(own)).toEqual(expect.arrayContaining(['[Agent] Cost USD', '$llm_message', '[Agent] Runtime']));
    for (const operation of operations) {
      const shaped = agentEvents(withOwn(operation, { ...own, team: 'search' }), false);
      for (const { event_properties: properties } of shaped) {
        expect(Object.values(properties)).not.toContain('mine');
        expect(properties).toMatchObject({ team: 'search' });
      }
    }
  });

  it('can not say otherwise what the schema otel says of an operation', () => {
    for (const operation of operations) {
      const own = named(theirNames([otelEvent(fullEvent(operation))]));
      const { event_properties: properties } = otelEvent(withOwn(operation, { ...own, team: 'search' }));
      expect([operation, Object.values(properties).includes('mine')]).toEqual([operation, false]);
      expect(properties).toMatchObject({ team: 'search' });
    }
  });

  it('can not say what is not known either: a cost, a count of tokens', () => {
    const event = withOwn('chat_completion', {});
    const bare = { ...event, event_properties: { operation: 'chat_completion', outcome: 'ok' } };
    const own = { '[Agent] Cost USD': 999, 'gen_ai.usage.input_tokens': 999, 'gen_ai.request.stream': true };
    const given = { ...bare, event_properties: { ...bare.event_properties, ...own } };
    expect(agentEvents(given, false)[0]?.event_properties).not.toHaveProperty('[Agent] Cost USD');
    expect(otelEvent(given).event_properties).toEqual({
      'gen_ai.operation.name': 'chat',
      outcome: 'ok',
      '[Agent] Cost USD': 999,
    });
  });
});

describe('docs/event.md says of the schema otel', () => {
  const [attributes = []] = tablesOf('OpenTelemetry names');

  it('the attributes of each operation, and no other', () => {
    for (const operation of operations) {
      const documented = attributes.filter(([, on]) => on === 'all' || inCode(on).includes(operation));
      const sent = theirNames([otelEvent(fullEvent(operation))]);
      expect([operation, documented.flatMap(([name]) => inCode(name)).sort()]).toEqual([operation, sent]);
    }
  });

  it('the names of its operations and providers', () => {
    const cell = (attribute: string): string[] => inCode(attributes.find(([name]) => name === `\`${attribute}\``)?.[2]);
    const named = operations.map(
      (operation) => otelEvent(fullEvent(operation)).event_properties['gen_ai.operation.name'],
    );
    const renamed = named.filter((name) => !operations.includes(name as Operation));
    expect(cell('gen_ai.operation.name').sort()).toEqual(['generate_content', 'operation', ...renamed].sort());
    const providers = [
      'aws_bedrock',
      'azure_openai',
      'google',
      'google_vertex',
      'mistral',
      'moonshot',
      'watsonx',
      'xai',
    ];
    const sent = providers.map(
      (provider) =>
        otelEvent(buildEvent({ ...fullOperation, provider }, openRules)).event_properties['gen_ai.provider.name'],
    );
    expect(cell('gen_ai.provider.name').sort()).toEqual(['provider', ...sent].sort());
  });
});
