import type { EventRules } from '../../src/build-event';

/** Rules under which everything leaves, with the defaults of the options. */
export const openRules: EventRules = {
  privacyMode: false,
  includePrompts: true,
  includeResponses: true,
  trackTokens: true,
  trackCost: true,
  maxPromptLength: 500,
  maxMessageLength: 200,
  maxResponseLength: 500,
  maxMessages: 5,
};
