import { describeRunOn } from '../patches/describe-run-on';
import { newer } from '../support/runtimes';
import { describeGoogleRecordings, genAi } from './google-suite';
import { haveRecordings } from './replay-server';

// @google/genai 3 wants Node 22: this file runs there, and on older ones it runs itself there and reports what happened.
if (!haveRecordings) {
  it.skip('compares events with recorded traffic (the recordings are not beside this checkout)', () => undefined);
} else if (Number(process.versions.node.split('.')[0]) >= 22) {
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- only where this version can be loaded
  describeGoogleRecordings(genAi('@google/genai 3', require('@google/genai')));
} else {
  describeRunOn(newer('22')[0], '@google/genai 3', __filename);
}
