import { awaitAnswers, fateOf, type Fate } from '../../src/await-answers';
import { deliverEvents, type Counters } from '../../src/deliver-events';
import type { LlmEvent } from '../../src/types';
import { fullOperation } from '../support/full-operation';
import { openRules } from '../support/open-rules';

const nextTurn = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 5));
const event = { insert_id: 'event-1' } as LlmEvent;
const notReached = 'Unexpected error occurred';
const optedOut = 'Event skipped due to optOut config';

describe('an answer of a client', () => {
  it.each<[string, unknown, Fate | undefined]>([
    ['delivered', { code: 200 }, undefined],
    ['accepted', { code: 202 }, undefined],
    ['nothing', undefined, undefined],
    ['something else', { ok: true }, undefined],
    ['not reached', { code: 0, message: notReached }, { reason: 'client_answered_0', isWorthRetry: true }],
    ['slow', { code: 408 }, { reason: 'client_answered_408', isWorthRetry: true }],
    ['too many', { code: 429 }, { reason: 'client_answered_429', isWorthRetry: true }],
    ['down', { code: 500 }, { reason: 'client_answered_500', isWorthRetry: true }],
    ['refused', { code: 400 }, { reason: 'client_answered_400', isWorthRetry: false }],
    ['too large', { code: 413 }, { reason: 'client_answered_413', isWorthRetry: false }],
    ['without a destination', { code: 100 }, { reason: 'client_answered_100', isWorthRetry: false }],
    // What the user does not want to be sent must not come back from a disk.
    ['opted out', { code: 0, message: optedOut }, { reason: 'client_opted_out', isWorthRetry: false }],
    ['filtered by a plugin', { code: 0, message: '' }, { reason: 'client_filtered', isWorthRetry: false }],
    ['an error of a plugin', { code: 0, message: 'Error: no' }, { reason: 'client_answered_0', isWorthRetry: false }],
    ['code 0 and no more', { code: 0 }, { reason: 'client_answered_0', isWorthRetry: false }],
  ])('that says %s has its fate', (_what, answer, fate) => {
    expect(fateOf(answer)).toEqual(fate);
  });

  it('is waited for with those before it, and not with those after it', async () => {
    const answers = awaitAnswers(
      () => undefined,
      () => undefined,
    );
    const settles: (() => void)[] = [];
    const track = (): void => answers.follow(new Promise<void>((resolve) => settles.push(resolve)), event);
    track();
    track();
    const isAnswered = answers.untilNow();
    track();
    expect([isAnswered(), answers.pending()]).toEqual([false, 3]);
    settles[1]?.();
    await nextTurn();
    expect([isAnswered(), answers.pending()]).toEqual([false, 2]);
    settles[0]?.();
    await nextTurn();
    expect([isAnswered(), answers.pending()]).toEqual([true, 1]);
  });
});

describe('a flush', () => {
  it('does not wait for what comes after it, which in a busy server would be for ever', async () => {
    const settles: (() => void)[] = [];
    const client = {
      track: () => new Promise<void>((resolve) => settles.push(resolve)),
      flush: () => undefined,
    };
    const counters: Counters = { operations: 0, tracked: 0, dropped: {}, internalErrors: 0 };
    const rules = { ...openRules, deviceId: 'device-1' };
    const delivery = deliverEvents(client, () => rules, { debug: false }, counters);
    delivery.report(fullOperation);
    let isFlushed = false;
    const flushed = delivery.flush(60_000).then(() => (isFlushed = true));
    delivery.report(fullOperation);
    delivery.drain();
    await nextTurn();
    expect(isFlushed).toBe(false);
    settles[0]?.();
    await flushed;
    expect(delivery.pending()).toBe(1);
  });
});
