import { Responses1763700900000 } from './1763700900000-responses.js';
import { ResponseWaivers1764000300010 } from './1764000300010-response-waivers.js';
import { ResponseConversations1764001200000 } from './1764001200000-response-conversations.js';
import { ResponseMacros1764001230000 } from './1764001230000-response-macros.js';
import { ResponseFacts1764001300100 } from './1764001300100-response-facts.js';
import { ResponsesFollowMerges1764002065000 } from './1764002065000-responses-follow-merges.js';

export const responsesMigrations = [
  Responses1763700900000,
  ResponseWaivers1764000300010,
  ResponseConversations1764001200000,
  ResponseMacros1764001230000,
  ResponseFacts1764001300100,
  ResponsesFollowMerges1764002065000,
];
