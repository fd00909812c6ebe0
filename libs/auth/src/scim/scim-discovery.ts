import { MOST_RESULTS, SCIM_BASE, URN } from './scim-names.js';

type Attribute = Readonly<Record<string, unknown>>;
type Described = { readonly id: string } & Readonly<Record<string, unknown>>;

const metaOf = (origin: string, resourceType: string, path: string): object => ({
  resourceType,
  location: `${origin.replace(/\/$/, '')}${SCIM_BASE}/${path}`,
});

/** RFC 7643, section 5. */
export function configOf(origin: string): object {
  const unsupported = { supported: false };
  return {
    schemas: [URN.config],
    patch: { supported: true },
    bulk: { ...unsupported, maxOperations: 0, maxPayloadSize: 0 },
    filter: { supported: true, maxResults: MOST_RESULTS },
    changePassword: unsupported,
    sort: unsupported,
    etag: unsupported,
    authenticationSchemes: [
      {
        type: 'oauthbearertoken',
        name: 'Service token',
        description: 'A service token that holds scim:provision, as Authorization: Bearer',
        specUri: 'https://www.rfc-editor.org/rfc/rfc6750',
        primary: true,
      },
    ],
    meta: metaOf(origin, 'ServiceProviderConfig', 'ServiceProviderConfig'),
  };
}

/** RFC 7643, section 6. */
export const resourceTypesOf = (origin: string): Described[] =>
  [
    { id: 'User', endpoint: '/Users', description: 'People of the tenant', schema: URN.user },
    { id: 'Group', endpoint: '/Groups', description: 'Teams of the tenant', schema: URN.group },
  ].map((type) => ({
    schemas: [URN.resourceType],
    name: type.id,
    ...type,
    schemaExtensions: [],
    meta: metaOf(origin, 'ResourceType', `ResourceTypes/${type.id}`),
  }));

const attribute = (name: string, description: string, more: Attribute = {}): Attribute => ({
  name,
  type: 'string',
  multiValued: false,
  description,
  required: false,
  caseExact: false,
  mutability: 'readWrite',
  returned: 'default',
  uniqueness: 'none',
  ...more,
});

const REFERENCE = { mutability: 'immutable', returned: 'default' };

const USER: readonly Attribute[] = [
  attribute('userName', 'How the directory names the person', { required: true, uniqueness: 'server' }),
  attribute('externalId', 'The directory’s own id', { caseExact: true, uniqueness: 'server' }),
  attribute('name', 'What the person is called', {
    type: 'complex',
    subAttributes: [
      attribute('givenName', 'At most 100 characters'),
      attribute('familyName', 'At most 100 characters'),
      attribute('formatted', 'Both', { mutability: 'readOnly' }),
    ],
  }),
  attribute('displayName', 'As people read it', { mutability: 'readOnly' }),
  attribute('active', 'Whether they may come in', { type: 'boolean' }),
  attribute('emails', 'One address: the primary one, else that for work', {
    type: 'complex',
    multiValued: true,
    required: true,
    subAttributes: [
      attribute('value', 'The address', { required: true, uniqueness: 'server' }),
      attribute('type', 'Always work', { canonicalValues: ['work'] }),
      attribute('primary', 'Always true', { type: 'boolean' }),
    ],
  }),
  attribute('timezone', 'A name of the IANA database'),
  attribute('locale', 'A language that is spoken here'),
  attribute('groups', 'The teams of the person', {
    type: 'complex',
    multiValued: true,
    mutability: 'readOnly',
    subAttributes: [
      attribute('value', 'Id of the group', { mutability: 'readOnly' }),
      attribute('display', 'Its name', { mutability: 'readOnly' }),
    ],
  }),
];

const GROUP: readonly Attribute[] = [
  attribute('displayName', 'The name of the team', { required: true, uniqueness: 'server' }),
  attribute('externalId', 'The directory’s own id', { caseExact: true, uniqueness: 'server' }),
  attribute('members', 'Who is in the team', {
    type: 'complex',
    multiValued: true,
    subAttributes: [
      attribute('value', 'Id of the user', REFERENCE),
      attribute('display', 'What they are called', { mutability: 'readOnly' }),
      attribute('type', 'Always User', { ...REFERENCE, canonicalValues: ['User'] }),
    ],
  }),
];

/** RFC 7643, section 7: the attributes that are kept; what else a directory sends is passed over. */
export const schemasOf = (origin: string): Described[] =>
  [
    { id: URN.user as string, name: 'User', description: 'A person of the tenant', attributes: USER },
    { id: URN.group as string, name: 'Group', description: 'A team of the tenant', attributes: GROUP },
  ].map((schema) => ({ schemas: [URN.schema], ...schema, meta: metaOf(origin, 'Schema', `Schemas/${schema.id}`) }));
