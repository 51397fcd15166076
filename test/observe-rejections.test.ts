import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

/** What `count-rejections` tells: for each way to use a failing function, unhandled rejections bare and observed. */
const counts = JSON.parse(
  execFileSync(process.execPath, ['-r', 'esbuild-register', join(__dirname, 'support', 'count-rejections.ts')], {
    encoding: 'utf8',
  }),
) as Record<string, number[]>;

// nodejs/node#62407: a side branch hides the rejection that nobody handles. PostHog/posthog-js#4074: a branch that
// throws again adds one, and ends the process.
describe('the rejection of an observed function', () => {
  it.each(Object.entries(counts))('is as unhandled as it was: %s', (_use, [bare, ...observed]) => {
    expect(observed).toHaveLength(7);
    expect(new Set(observed)).toEqual(new Set([bare]));
  });

  it('was looked at where it is unhandled, and where it is not', () => {
    expect(new Set(Object.values(counts).flat())).toEqual(new Set([0, 1]));
  });
});
