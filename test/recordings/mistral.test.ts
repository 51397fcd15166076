import * as mistral1 from 'mistral-v1';
import { describeMistralRecordings } from './mistral-suite';

describeMistralRecordings('@mistralai/mistralai 1', () => mistral1);
