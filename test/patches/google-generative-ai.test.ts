import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import * as generativeAi from '@google/generative-ai';
import { describeBrokenPatch } from './describe-broken-patch';
import { describeLifecycle } from './describe-lifecycle';
import { describePatch } from './describe-patch';
import { generativeAiDoors } from './google-generative-ai-doors';
import { generativeAiSubject } from './google-generative-ai-subject';

const subject = generativeAiSubject('@google/generative-ai', generativeAi);
describePatch(subject, generativeAiDoors(subject), describeLifecycle, describeBrokenPatch);

// The result of a stream has a promise that nobody has to look at, and a chat handles its own: one promise of ours more
// or less would be a crash that was not there, or one that is not seen any more.
it('streams whose failures nobody handles surface as often as without us, with both of their promises', async () => {
  const run = async (mode: string): Promise<{ unhandled: string[]; events: string[] }> => {
    const script = join(__dirname, 'google-unhandled.cjs');
    const { stdout } = await promisify(execFile)(process.execPath, [script, mode]);
    return JSON.parse(stdout) as { unhandled: string[]; events: string[] };
  };
  const [bare, traced] = await Promise.all([run('bare'), run('traced')]);
  expect(traced.unhandled).toEqual(bare.unhandled);
  expect(bare.unhandled.length).toBeGreaterThan(8);
  expect(traced.events.filter((event) => event.endsWith(' error'))).toHaveLength(10);
});
