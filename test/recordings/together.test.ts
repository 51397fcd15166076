import * as together from 'together-ai';
import { describeRecordings } from './describe-recordings';
import { expectedEvent, expectedRequest } from './expected-event';
import { eventsOf, tell } from './wire';

describeRecordings({
  title: 'together-ai',
  provider: 'together',
  sdk: together,
  file: 'together',
  async call({ kind, request }, base) {
    const client = new together.Together({ apiKey: 'none', maxRetries: 0, baseURL: `${base}/v1` });
    return kind === 'chat' ? client.chat.completions.create(request.body) : client.completions.create(request.body);
  },
  eventsOf,
  tell,
  expectedRequest,
  expectedEvent,
});
