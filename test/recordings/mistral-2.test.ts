import { describeEsModule } from '../support/es-module-tests';
import { describeMistralRecordings } from './mistral-suite';

describeEsModule(
  'recordings of mistral 2',
  __filename,
  () => import('@mistralai/mistralai'),
  (exportsOf) => describeMistralRecordings('@mistralai/mistralai 2', exportsOf),
);
