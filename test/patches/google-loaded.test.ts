import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { runtimes } from '../support/runtimes';
import { versionOf } from './describe-patch';

const packages = ['google-genai-v1', 'google-genai-v2', '@google/generative-ai'];

describe.each(runtimes)('on $label', ({ label, node }) => {
  it('every copy of the SDKs that is loaded later is found, by require and by import, with its version', async () => {
    const names = label === 'node 20' ? packages : [...packages, '@google/genai'];
    const { stdout } = await promisify(execFile)(node, [join(__dirname, 'google-loaded.mjs'), ...names]);
    const expected = names.map((name) => {
      const isOld = name === '@google/generative-ai';
      return {
        sdk: isOld ? name : '@google/genai',
        version: versionOf(name),
        method: isOld ? 'generateContentStream' : 'models.generateContent',
        outcome: 'ok',
      };
    });
    expect(JSON.parse(stdout)).toEqual(expected.flatMap((event) => [event, event]));
  });
});
