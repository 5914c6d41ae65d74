import type { SealedTable } from '#security/vault/catalogue.ts'

const purpose = { nl: 'toegang tot het systeem', en: 'access to the system' }

/** What Kluis keeps of the people who work with it. */
export const signInPersonalData: SealedTable[] = [
  {
    table: 'organisation',
    subject: 'organisation',
    classes: { profile: { column: 'name_sealed', counterColumn: 'name_seal_counter' } },
    fields: [
      {
        name: 'name',
        label: { nl: 'Naam van de organisatie', en: 'Name of the organisation' },
        sealedClass: 'profile',
        purpose,
        search: 'none',
        isExported: false,
        isPortable: false,
      },
    ],
  },
  {
    table: 'user_account',
    subject: 'organisation',
    classes: { profile: { column: 'profile_sealed', counterColumn: 'profile_seal_counter' } },
    fields: [
      {
        name: 'name',
        label: { nl: 'Naam', en: 'Name' },
        sealedClass: 'profile',
        purpose,
        search: 'none',
        isExported: false,
        isPortable: false,
      },
      {
        name: 'email',
        label: { nl: 'E-mail', en: 'E-mail' },
        sealedClass: 'profile',
        purpose,
        search: 'exact',
        isExported: false,
        isPortable: false,
      },
    ],
  },
]
