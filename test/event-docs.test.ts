import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildEvent, eventType, type EventRules } from '../src/build-event';
import { propertyNames } from '../src/event-properties';
import type { Outcome } from '../src/types';
import { fullOperation } from './support/full-operation';
import { openRules } from './support/open-rules';

const page = readFileSync(join(__dirname, '..', 'docs', 'event.md'), 'utf8');

const rules: EventRules = {
  ...openRules,
  userId: 'user-1',
  sessionId: 1_760_000_000_000,
  llmSessionId: 'chat-1',
  deviceId: 'device-1',
  groups: { company: 'acme' },
};

/** The cells of the table under a heading. */
function tableOf(heading: string): string[][] {
  const section = page.split(`\n## ${heading}\n`)[1]?.split('\n## ')[0] ?? '';
  const rows = section.split('\n').filter((line) => line.startsWith('|'));
  return rows.slice(2).map((row) =>
    row
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}

const documented = tableOf('Properties').map(([name, leaves]) => ({ name: name?.replaceAll('`', '') ?? '', leaves }));
const names = documented.map(({ name }) => name);

function namesSent(changes: Partial<EventRules>): string[] {
  return Object.keys(buildEvent(fullOperation, { ...rules, ...changes }).event_properties);
}

describe('docs/event.md', () => {
  it('names each property once, and those that a call of which everything is known has', () => {
    expect(new Set(names).size).toBe(names.length);
    expect([...names].sort()).toEqual(namesSent({}).sort());
  });

  it('names those that users can not take', () => {
    expect([...names].sort()).toEqual([...propertyNames].sort());
  });

  it.each<[boolean, boolean, string[]]>([
    [true, true, ['always', 'with prompts', 'with answers', 'with both']],
    [true, false, ['always', 'with prompts']],
    [false, true, ['always', 'with answers']],
    [false, false, ['always']],
  ])('tells what leaves with prompts %s and answers %s', (includePrompts, includeResponses, leaving) => {
    const expected = documented.filter(({ leaves }) => leaving.includes(leaves ?? '')).map(({ name }) => name);
    expect(namesSent({ includePrompts, includeResponses }).sort()).toEqual(expected.sort());
  });

  it('tells what leaves in privacy mode, whatever the rest says', () => {
    const expected = documented.filter(({ name, leaves }) => leaves === 'always' && name !== 'tool_calls');
    for (const open of [true, false]) {
      const sent = namesSent({ privacyMode: true, includePrompts: open, includeResponses: open });
      expect(sent.sort()).toEqual(expected.map(({ name }) => name).sort());
    }
  });

  it('says of each property whether it leaves, and nothing else', () => {
    const columns = new Set(documented.map(({ leaves }) => leaves));
    expect([...columns].sort()).toEqual(['always', 'with answers', 'with both', 'with prompts']);
  });

  it('lets tool calls go with their names, and with arguments only where answers may leave', () => {
    const calls = (includeResponses: boolean): unknown =>
      buildEvent(fullOperation, { ...rules, includeResponses }).event_properties['tool_calls'];
    expect(calls(true)).toEqual([{ name: 'get_weather', arguments: '{"city":"Paris"}' }]);
    expect(calls(false)).toEqual([{ name: 'get_weather' }]);
  });

  it('names every outcome', () => {
    const outcomes: Record<Outcome, true> = {
      ok: true,
      error: true,
      cancelled: true,
      aborted: true,
      incomplete: true,
      abandoned: true,
      raw: true,
    };
    expect(tableOf('Outcomes').map(([name]) => name?.replaceAll('`', ''))).toEqual(
      expect.arrayContaining(Object.keys(outcomes)),
    );
    expect(tableOf('Outcomes')).toHaveLength(Object.keys(outcomes).length);
  });

  it('names the fields beside the properties', () => {
    const fields = tableOf('Fields beside the properties').flatMap(([name]) => name?.match(/\w+/g) ?? []);
    const { event_properties: properties, ...rest } = buildEvent(fullOperation, rules);
    expect(Object.keys(properties).length).toBeGreaterThan(0);
    expect(fields.sort()).toEqual(Object.keys(rest).sort());
    expect(page).toContain(`\`${eventType}\``);
  });
});
