import { USER } from './scim-shapes.ts'

const LIST = 'urn:ietf:params:scim:api:messages:2.0:ListResponse'
const CORE = 'urn:ietf:params:scim:schemas:core:2.0'

/** What a program may ask before it begins: RFC 7643, 5 to 7. Says no to what Kluis does not do. */
export function serviceProviderConfig(origin: URL): object {
  const no = { supported: false }
  return {
    schemas: [`${CORE}:ServiceProviderConfig`],
    patch: { supported: true },
    bulk: { ...no, maxOperations: 0, maxPayloadSize: 0 },
    filter: { supported: true, maxResults: 200 },
    changePassword: no,
    sort: no,
    etag: no,
    authenticationSchemes: [
      {
        type: 'oauthbearertoken',
        name: 'Bearer token',
        description: 'A token that an administrator makes in Kluis, under Single sign-on',
        primary: true,
      },
    ],
    meta: {
      resourceType: 'ServiceProviderConfig',
      location: `${origin.origin}/api/scim/v2/ServiceProviderConfig`,
    },
  }
}

export function userResourceType(origin: URL): object {
  return {
    schemas: [`${CORE}:ResourceType`],
    id: 'User',
    name: 'User',
    endpoint: '/Users',
    description: 'A colleague',
    schema: USER,
    meta: {
      resourceType: 'ResourceType',
      location: `${origin.origin}/api/scim/v2/ResourceTypes/User`,
    },
  }
}

const attribute = (name: string, more: object = {}) => ({
  ...{ name, type: 'string', multiValued: false, required: false, caseExact: false },
  ...{ mutability: 'readWrite', returned: 'default', uniqueness: 'none' },
  ...more,
})

export function userSchema(origin: URL): object {
  return {
    schemas: [`${CORE}:Schema`],
    id: USER,
    name: 'User',
    description: 'A colleague',
    attributes: [
      attribute('userName', { required: true, uniqueness: 'server' }),
      attribute('externalId', { caseExact: true }),
      attribute('displayName'),
      attribute('name', {
        type: 'complex',
        subAttributes: ['formatted', 'familyName', 'givenName'].map((one) => attribute(one)),
      }),
      attribute('emails', {
        type: 'complex',
        multiValued: true,
        subAttributes: [
          attribute('value'),
          attribute('type', { canonicalValues: ['work'] }),
          attribute('primary', { type: 'boolean' }),
        ],
      }),
      attribute('active', { type: 'boolean' }),
    ],
    meta: { resourceType: 'Schema', location: `${origin.origin}/api/scim/v2/Schemas/${USER}` },
  }
}

export function listOf(resources: object[]): object {
  return {
    schemas: [LIST],
    totalResults: resources.length,
    startIndex: 1,
    itemsPerPage: resources.length,
    Resources: resources,
  }
}
