import type { SealedTable } from '#security/vault/catalogue.ts'

const purpose = { nl: 'toegang tot het systeem', en: 'access to the system' }

/** The provider, with its secret, and what it says of the colleagues it keeps here. */
export const federationPersonalData: SealedTable[] = [
  {
    table: 'identity_provider',
    subject: 'organisation',
    classes: {
      profile: { column: 'profile_sealed', counterColumn: 'profile_seal_counter' },
      secret: { column: 'secret_sealed', counterColumn: 'secret_seal_counter' },
    },
    fields: [],
  },
  {
    table: 'provisioned_user',
    subject: 'user',
    classes: { profile: { column: 'profile_sealed', counterColumn: 'profile_seal_counter' } },
    fields: (
      [
        ['userName', 'Gebruikersnaam bij de aanbieder', 'User name at the provider'],
        ['externalId', 'Kenmerk bij de aanbieder', 'Reference at the provider'],
        ['displayName', 'Naam', 'Name'],
      ] as const
    ).map(([name, nl, en]) => ({
      name,
      label: { nl, en },
      sealedClass: 'profile',
      purpose,
      search: name === 'displayName' ? 'none' : 'exact',
      isExported: false,
      isPortable: false,
    })),
  },
]
