import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { versionOf } from './describe-patch';

const program = join(__dirname, 'ollama-entries.mjs');

// The class of the main entry inherits from the one of `ollama/browser`: patched twice, each call would be two events.
it.each(['import', 'require'])(
  'a call is one event through the instance, the class and the entry for browsers, with %s',
  async (how) => {
    const { stdout } = await promisify(execFile)(process.execPath, [program, how]);
    const event = ['ollama', versionOf('ollama'), 'generate', 'ok'];
    expect(JSON.parse(stdout)).toEqual([event, event, event]);
  },
);
