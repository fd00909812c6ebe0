import { readFileSync } from 'node:fs';
import { inCheckout } from './places.mjs';

/** Whose id a path takes, by what it begins with. */
const IDS = [
  ['/api/v1/customers/', ({ customers }) => customers[0]],
  ['/api/v1/companies/', ({ companies }) => companies[0]],
  ['/api/v1/inquiries/', ({ inquiries }) => inquiries[0]],
  ['/api/v1/side-conversations/', ({ sideConversations }) => sideConversations[0]],
  ['/api/v1/responses/', ({ responses }) => responses[0]],
  ['/api/v1/files/', ({ files }) => files[0]],
  ['/api/v1/segments/', ({ segments }) => segments[0]],
  ['/api/v1/imports/', ({ imports }) => imports[0]],
  ['/api/v1/products/', ({ products }) => products[0]],
  ['/api/v1/deals/', ({ deals }) => deals[0]],
  ['/api/v1/leads/', ({ leads }) => leads[0]],
  ['/api/v1/projects/', ({ projects }) => projects[0]],
];

/** Every list that the API documents, with a record's id where its path asks for one. */
export function documentedLists(sample) {
  const { paths } = JSON.parse(readFileSync(inCheckout('openapi.json'), 'utf8'));
  return Object.entries(paths)
    .filter(([, { get }]) => get?.parameters?.some(({ name }) => name === 'limit'))
    .map(([path]) => path.replace('{id}', () => idFor(path, sample)));
}

function idFor(path, sample) {
  const [, id] = IDS.find(([start]) => path.startsWith(start)) ?? [];
  if (!id) throw new Error(`The bench knows no record for ${path}`);
  return id(sample);
}

/** The lists over many rows as people ask for them: by default, by filter, by order, by text, further down. */
export function typicalQuestions({ customers, inquiries, actor, places, terms }) {
  const q = (text) => encodeURIComponent(text);
  const ask = (list, ...questions) =>
    questions.map((question) => `/api/v1/${list}?limit=20${question && `&${question}`}`);
  return [
    ...ask(
      'customers',
      '',
      'page=400',
      'count=capped',
      `cursor=${places.at(-1).cursor}`,
      'status=lead',
      'status=lead,prospect',
    ),
    ...ask(
      'customers',
      `assignedTo=${actor}`,
      'assignedTo[null]=true',
      `createdBy=${actor}`,
      'sort=-updatedAt',
      'sort=lastName',
    ),
    ...ask('customers', 'createdAt[gte]=last:7d', 'email=grace.x@customers.example', 'email[starts]=mira.'),
    ...ask(
      'customers',
      `q=${q(terms[0])}`,
      `q=${q('berg')}`,
      'q=%2B493010000042',
      'q=alan.holonfeld.1@customers.example',
    ),
    ...ask(
      'inquiries',
      '',
      'include=customer,assignee',
      'status=open',
      'status=new,open',
      `assignedTo=${actor}`,
      'sort=dueAt',
    ),
    ...ask(
      'inquiries',
      `customerId=${customers[0]}`,
      'assignedTo[null]=true&status=new',
      'q=booking%20100',
      'q=INQ-000777',
    ),
    ...ask('inquiries', 'createdAt[gte]=last:7d', 'createdAt[gte]=last:7d&priority=urgent'),
    ...ask('responses', '', 'status=pending_approval', `respondedBy=${actor}`, `inquiryId=${inquiries[0]}`),
    ...ask('responses', `customerId=${customers[0]}`, 'status=sent&createdAt[gte]=last:30d'),
    ...ask('approvals', '', `requestedBy=${actor}`, 'createdAt[gte]=last:7d'),
    ...ask('approvals/queue', '', 'sort=-createdAt'),
    ...ask(
      'audit',
      '',
      `entity=customers&entityId=${customers[0]}`,
      `actorId=${actor}`,
      'at[gte]=last:1d',
      'action=approved',
    ),
  ];
}
