import { InquiriesAreNumbered1764002250000 } from './1764002250000-inquiries-are-numbered.js';
import { Inquiries1763700700000 } from './1763700700000-inquiries.js';
import { InquiryTimes1763701100000 } from './1763701100000-inquiry-times.js';
import { InquiryMerges1764000200000 } from './1764000200000-inquiry-merges.js';
import { InquirySplits1764000300000 } from './1764000300000-inquiry-splits.js';
import { InquiryLinks1764000400000 } from './1764000400000-inquiry-links.js';
import { InquirySnoozes1764000500000 } from './1764000500000-inquiry-snoozes.js';
import { SlaEscalation1764001210000 } from './1764001210000-sla-escalation.js';
import { Macros1764001220000 } from './1764001220000-macros.js';
import { Distributions1764001240000 } from './1764001240000-distributions.js';
import { InquiryWatchers1764001250000 } from './1764001250000-inquiry-watchers.js';
import { Satisfaction1764001260000 } from './1764001260000-satisfaction.js';
import { InquiriesOfTheActive1764001520000 } from './1764001520000-inquiries-of-the-active.js';
import { DeskStats1764001600000 } from './1764001600000-desk-stats.js';
import { InquiriesInWork1764001800000 } from './1764001800000-inquiries-in-work.js';
import { InquiriesFollowMerges1764002064000 } from './1764002064000-inquiries-follow-merges.js';
import { WhatHangsOnInquiries1764002042000 } from './1764002042000-what-hangs-on-inquiries.js';
import { InquiriesAreFound1764002084000 } from './1764002084000-inquiries-are-found.js';
import { InquiryFields1764002240000 } from './1764002240000-inquiry-fields.js';
import { MessageVisibility1764002231000 } from './1764002231000-message-visibility.js';
import { SideConversations1764002261000 } from './1764002261000-side-conversations.js';

export const inquiriesMigrations = [
  Inquiries1763700700000,
  InquiryTimes1763701100000,
  InquiryMerges1764000200000,
  InquirySplits1764000300000,
  InquiryLinks1764000400000,
  InquirySnoozes1764000500000,
  SlaEscalation1764001210000,
  Macros1764001220000,
  Distributions1764001240000,
  InquiryWatchers1764001250000,
  Satisfaction1764001260000,
  InquiriesOfTheActive1764001520000,
  DeskStats1764001600000,
  InquiriesInWork1764001800000,
  InquiriesFollowMerges1764002064000,
  WhatHangsOnInquiries1764002042000,
  InquiriesAreFound1764002084000,
  InquiryFields1764002240000,
  MessageVisibility1764002231000,
  InquiriesAreNumbered1764002250000,
  SideConversations1764002261000,
];
