import type { Desk } from './demo-customers.js';
import { demoId, SERIES } from './demo-ids.js';
import type { DemoTenant } from './demo-people.js';
import type { DemoRow } from './demo-rows.js';

const HOUR = 3_600_000;
const SUPPLIER = { name: 'Supplier, orders', address: 'orders@supplier.example' };
const CONVERSATIONS = [
  { n: 1, subject: 'Spare part 4711', state: 'open' },
  { n: 2, subject: 'Colour of the next batch', state: 'open' },
  { n: 3, subject: 'Invoice of October', state: 'closed' },
];

/** With a supplier, about one inquiry: one to write in, one to close and one to reopen. */
export const sideConversationRows = ({ index }: DemoTenant, { cso }: Desk, now: Date): DemoRow[] =>
  CONVERSATIONS.map(({ n, subject, state }) => ({
    id: demoId(index, SERIES.sideConversation, n),
    inquiry_id: demoId(index, SERIES.inquiry, 7),
    subject,
    recipients: [SUPPLIER],
    state,
    visibility: 'all',
    message_count: 2,
    last_message_at: new Date(now.getTime() - HOUR).toISOString(),
    started_by: cso,
    version: 2,
    created_at: new Date(now.getTime() - 2 * HOUR).toISOString(),
    updated_at: new Date(now.getTime() - HOUR).toISOString(),
  }));

/** What was asked, and the answer. */
export const sideMessageRows = ({ index, slug }: DemoTenant, { cso }: Desk, now: Date): DemoRow[] =>
  CONVERSATIONS.flatMap(({ n, subject }) => {
    const asked = `<demo-side-${n}@${slug}.example>`;
    const [before, at] = [2, 1].map((hours) => new Date(now.getTime() - hours * HOUR).toISOString());
    const said = { side_conversation_id: demoId(index, SERIES.sideConversation, n), version: 1, is_automatic: false };
    return [
      {
        ...said,
        ...{ id: demoId(index, SERIES.sideMessage, 2 * n - 1), seq: 1, direction: 'out', at: before },
        ...{ created_at: before, updated_at: before, attachments: [], refs: [], message_id: asked },
        ...{ author_id: cso, author_name: 'Clara Officer', author_address: null, recipients: [SUPPLIER] },
        ...{ body: `${subject}: when may we expect it?`, mail_id: null, delivery: 'sent' },
        outgoing_id: demoId(index, SERIES.sideOutgoing, n),
      },
      {
        ...said,
        ...{ id: demoId(index, SERIES.sideMessage, 2 * n), seq: 2, direction: 'in', at },
        ...{ created_at: at, updated_at: at, attachments: [], refs: [asked], outgoing_id: null, delivery: null },
        ...{ author_id: null, author_name: SUPPLIER.name, author_address: SUPPLIER.address, recipients: [] },
        ...{ body: 'On Friday, as it looks.', message_id: `<demo-side-${n}@supplier.example>` },
        mail_id: demoId(index, SERIES.sideMail, n),
      },
    ];
  });
