import * as cerebras from '@cerebras/cerebras_cloud_sdk';
import { describeRecordings } from './describe-recordings';
import { expectedEvent, expectedRequest } from './expected-event';
import { eventsOf, tell } from './wire';

describeRecordings({
  title: '@cerebras/cerebras_cloud_sdk',
  provider: 'cerebras',
  sdk: cerebras,
  file: 'cerebras',
  async call({ request }, baseURL) {
    const client = new cerebras.Cerebras({ apiKey: 'none', maxRetries: 0, warmTCPConnection: false, baseURL });

    return client.chat.completions.create(request.body);
  },
  eventsOf,
  tell,
  expectedRequest,
  expectedEvent,
});
