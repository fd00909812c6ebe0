import { Tells } from '@app/platform';

@Tells('leads', { authorName: 'name', authorAddress: 'email', subject: 'subject', body: 'message' })
export class LeadMessageView {
  id: string;
  /** The mail, which keeps its files: `GET /mail/messages/{id}`. */
  mailId: string;
  /** @example "Noor Haddad" */
  authorName: string | null;
  /** @example "noor@haddad.example" */
  authorAddress: string | null;
  /** @example "Freight to Tangier" */
  subject: string | null;
  /** @example "Do you ship to Tangier every week?" */
  body: string;
  at: Date;
}
