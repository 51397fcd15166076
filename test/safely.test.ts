import { ignoreRejection, reportProblem, safely } from '../src/safely';
import { sharedState } from '../src/shared-state';

afterEach(() => {
  sharedState().problem = undefined;
});

describe('the border guard', () => {
  it('hands on what the work gives', () => {
    expect(safely('add', () => 1 + 1)).toBe(2);
  });

  it('keeps an error from the caller, and tells which work it was', () => {
    const told: unknown[] = [];
    sharedState().problem = (what, error) => told.push([what, error]);
    const error = new Error('ours');
    const work = (): never => {
      throw error;
    };
    expect(safely('read a chunk', work)).toBeUndefined();
    expect(told).toEqual([['read a chunk', error]]);
  });

  it('keeps the error of whoever listens from the caller too', () => {
    sharedState().problem = () => {
      throw new Error('the listener');
    };
    expect(() => reportProblem('read', new Error('ours'))).not.toThrow();
  });

  it('works where nobody listens', () => {
    expect(() => reportProblem('read', undefined)).not.toThrow();
  });

  it('waits for no promise, and takes the rejection of one', async () => {
    const rejected = jest.fn();
    process.on('unhandledRejection', rejected);
    ignoreRejection(Promise.reject(new Error('asynchronous')));
    for (const value of [undefined, null, 5, {}, { then: 1 }]) expect(() => ignoreRejection(value)).not.toThrow();
    await new Promise((resolve) => setTimeout(resolve, 10));
    process.off('unhandledRejection', rejected);
    expect(rejected).not.toHaveBeenCalled();
  });
});
