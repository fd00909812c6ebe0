/** By this kind approvals knows what it is asked to decide on, and messaging what a mail is about. */
export const APPROVAL_SUBJECT = 'responses.response';
