import { backoff } from '../../src/delivery/backoff';
import { makePace, type Pace } from '../../src/delivery/pace';

describe('the wait after failures', () => {
  it('doubles up to a minute, half of it by chance', () => {
    expect([1, 2, 3, 8, 9, 1_000].map((failures) => backoff(failures, 1))).toEqual([
      ...[500, 1_000, 2_000, 60_000, 60_000],
      60_000,
    ]);
    expect(backoff(3, 0)).toBe(1_000);
    expect(backoff(3, 0.5)).toBe(1_500);
  });
});

describe('the pace of uploads', () => {
  let time: number;
  let pace: Pace;
  beforeEach(() => {
    time = 1_000;
    pace = makePace(
      4,
      () => time,
      () => 1,
    );
  });

  it('lets as many go as there are connections', () => {
    expect([0, 3, 4].map((underWay) => pace.allows(underWay))).toEqual([true, true, false]);
  });

  it('lets one go after the wait that follows a failure, and all of them after its success', () => {
    pace.failed(pace.round(), undefined);
    expect(pace.allows(0)).toBe(false);
    time += 500;
    expect([0, 1].map((underWay) => pace.allows(underWay))).toEqual([true, false]);
    pace.succeeded(pace.round());
    expect(pace.allows(3)).toBe(true);
  });

  it('takes four uploads that are cut off at once for one failure', () => {
    const round = pace.round();
    for (let index = 0; index < 4; index++) pace.failed(round, undefined);
    time += 500;
    expect(pace.waits()).toBe(false);
  });

  it('does not end a wait that the server asked for because of an answer that was on its way', () => {
    const round = pace.round();
    pace.failed(round, 30_000);
    pace.succeeded(round);
    expect(pace.waits()).toBe(true);
    expect(pace.isFailing()).toBe(true);
  });

  it('takes the longest of several waits that the server asks for', () => {
    const round = pace.round();
    pace.failed(round, 1_000);
    pace.failed(round, 30_000);
    pace.failed(round, 100);
    time += 29_000;
    expect(pace.waits()).toBe(true);
  });

  it('hurries past a wait of its own, and not past one that the server asked for', () => {
    pace.failed(pace.round(), undefined);
    pace.hurry();
    expect(pace.waits()).toBe(false);
    pace.failed(pace.round(), 5_000);
    pace.hurry();
    expect(pace.waits()).toBe(true);
  });

  it('never waits less than its own backoff, whatever the server asks for (a cache answers with 0)', () => {
    for (const wait of [500, 1_000, 2_000]) {
      pace.failed(pace.round(), 0);
      time += wait - 1;
      expect(pace.waits()).toBe(true);
      time += 1;
      expect(pace.waits()).toBe(false);
    }
    pace.failed(pace.round(), 30_000);
    time += 29_999;
    expect(pace.waits()).toBe(true);
  });
});
