/** What other programs call their columns. Where each was read stands in docs/formats/import-presets.md. */
import type { ImportField, PresetId } from './contract.ts'

type Fields = Partial<Record<ImportField, string>>
export type Layout = {
  preset: PresetId
  /** Headers that are all there, one of those of which some are, and none of those that belong to another program. */
  all: string
  any?: string
  none?: string
  /** Headers by field, with `|` between; `#` stands for a number. */
  fields: Fields
}

const google: Fields = {
  givenName: 'First Name|Given Name',
  middleName: 'Middle Name|Additional Name',
  familyName: 'Last Name|Family Name',
  salutation: 'Name Prefix',
  company: 'Organization Name|Organization # - Name',
  jobTitle: 'Organization Title|Organization # - Title',
  email: 'E-mail # - Value',
  phone: 'Phone # - Value',
  street: 'Address # - Street',
  box: 'Address # - Extended Address|Address # - PO Box',
  city: 'Address # - City',
  postalCode: 'Address # - Postal Code',
  country: 'Address # - Country',
  birthday: 'Birthday',
  website: 'Website # - Value',
  language: 'Language',
  tag: 'Labels|Group Membership',
  note: 'Notes',
  ignore:
    'Name|File As|Photo|Yomi Name|Given Name Yomi|Additional Name Yomi|Family Name Yomi|Phonetic First Name|Phonetic Middle Name|Phonetic Last Name|E-mail # - Label|E-mail # - Type|Phone # - Label|Phone # - Type|Address # - Label|Address # - Type|Address # - Formatted|Website # - Label|Website # - Type|Organization # - Type|Custom Field # - Label|Custom Field # - Type',
}

const outlook: Fields = {
  salutation: 'Title',
  givenName: 'First Name',
  middleName: 'Middle Name',
  familyName: 'Last Name',
  company: 'Company',
  jobTitle: 'Job Title',
  email: 'E-mail Address|E-mail # Address',
  phone:
    'Business Phone|Business Phone #|Home Phone|Home Phone #|Company Main Phone|Other Phone|Primary Phone|Car Phone',
  mobile: 'Mobile Phone',
  street:
    'Business Street|Business Street #|Home Street|Home Street #|Other Street|Other Street #|Home Address|Business Address',
  city: 'Business City|Home City|Other City',
  postalCode: 'Business Postal Code|Home Postal Code|Other Postal Code',
  country:
    'Business Country/Region|Home Country/Region|Other Country/Region|Business Country|Home Country|Other Country',
  birthday: 'Birthday',
  language: 'Language',
  website: 'Web Page|Personal Web Page',
  tag: 'Categories',
  note: 'Notes',
  nationalNumber: 'Government ID Number',
  reference: 'Organizational ID Number',
  ignore:
    'E-mail Type|E-mail # Type|E-mail Display Name|E-mail # Display Name|Priority|Private|Sensitivity|Initials|Directory Server|Internet Free Busy|Mileage',
}

const outlookDutch: Fields = {
  salutation: 'Titel',
  givenName: 'Voornaam',
  middleName: 'Middelste naam',
  familyName: 'Achternaam',
  company: 'Bedrijf',
  jobTitle: 'Functie',
  email: 'E-mailadres|E-mailadres #|E-mail # Adres',
  phone:
    'Telefoon op werk|Telefoon op werk #|Telefoon thuis|Telefoon thuis #|Hoofdtelefoon bedrijf|Andere telefoon',
  mobile: 'Mobiele telefoon',
  street: 'Werkadres, straat|Werkadres, straat #|Huisadres, straat|Huisadres, straat #',
  city: 'Werkadres, plaats|Huisadres, plaats',
  postalCode: 'Werkadres, postcode|Huisadres, postcode',
  country: 'Werkadres, land/regio|Huisadres, land/regio|Werkadres, land|Huisadres, land',
  birthday: 'Verjaardag',
  language: 'Taal',
  website: 'Webpagina',
  tag: 'Categorieën',
  note: 'Notities',
  nationalNumber: 'Sofi-nummer|Burgerservicenummer',
  ignore:
    'E-mailtype|E-mail # Type|E-mailweergavenaam|E-mail # Weergavenaam|Prioriteit|Privé|Gevoeligheid|Initialen',
}

const salesforcePerson: Fields = {
  reference: 'Contact ID|Lead ID|Id|Account ID',
  salutation: 'Salutation',
  givenName: 'First Name|FirstName',
  middleName: 'Middle Name|MiddleName',
  familyName: 'Last Name|LastName',
  company: 'Account Name|Company / Account|Company',
  jobTitle: 'Title',
  email: 'Email',
  phone: 'Phone|Home Phone|HomePhone|Other Phone|OtherPhone|Business Phone',
  mobile: 'Mobile|Mobile Phone|MobilePhone',
  street: 'Mailing Street|MailingStreet|Mailing Address Line 1|Other Street|OtherStreet|Street',
  city: 'Mailing City|MailingCity|Other City|OtherCity|City',
  postalCode:
    'Mailing Zip/Postal Code|MailingPostalCode|Other Zip/Postal Code|OtherPostalCode|Zip/Postal Code|PostalCode',
  country: 'Mailing Country|MailingCountry|Other Country|OtherCountry|Country',
  birthday: 'Birthdate',
  website: 'Website',
  stage: 'Lead Status|Status',
  tag: 'Lead Source|LeadSource',
  industry: 'Industry',
  note: 'Description|Contact Description',
  companyReference: 'AccountId',
  ignore:
    'IsDeleted|MasterRecordId|OwnerId|CreatedById|LastModifiedById|SystemModstamp|LastModifiedDate|LastActivityDate|PhotoUrl|RecordTypeId|Last Activity|Last Modified Date',
}

const salesforceAccount: Fields = {
  reference: 'Account ID|Id',
  company: 'Account Name|Name',
  phone: 'Phone',
  website: 'Website',
  street: 'Billing Street|BillingStreet|Billing Address Line 1|Shipping Street|ShippingStreet',
  city: 'Billing City|BillingCity|Shipping City|ShippingCity',
  postalCode:
    'Billing Zip/Postal Code|BillingPostalCode|Shipping Zip/Postal Code|ShippingPostalCode',
  country: 'Billing Country|BillingCountry|Shipping Country|ShippingCountry',
  industry: 'Industry',
  employeeCount: 'Employees|NumberOfEmployees',
  tag: 'Type',
  note: 'Description|Account Description',
  ignore:
    'IsDeleted|MasterRecordId|OwnerId|CreatedById|LastModifiedById|SystemModstamp|LastModifiedDate|LastActivityDate|PhotoUrl|RecordTypeId|Last Activity|Last Modified Date',
}

const odoo: Fields = {
  reference: 'id|External ID|ref|Reference',
  fullName: 'name|Name',
  isCompany: 'is_company|Is a Company|company_type|Company Type',
  company: 'parent_id|Related Company|parent_name|Company Name|commercial_company_name',
  salutation: 'title|Title',
  jobTitle: 'function|Job Position',
  email: 'email|Email',
  phone: 'phone|Phone',
  mobile: 'mobile|Mobile',
  street: 'street|Street',
  box: 'street2|Street2|Street 2',
  postalCode: 'zip|Zip|ZIP',
  city: 'city|City',
  country: 'country_id|Country',
  language: 'lang|Language',
  enterpriseNumber: 'vat|Tax ID',
  website: 'website|Website|Website Link',
  tag: 'category_id|Tags',
  note: 'comment|Notes',
  companyReference: 'parent_id/id|Related Company/External ID',
  ignore:
    'write_date|activity_ids|Activities|Last Updated on|state_id/id|country_id/id|category_id/id',
}

const espo: Fields = {
  reference: 'id',
  salutation: 'salutationName',
  givenName: 'firstName',
  middleName: 'middleName',
  familyName: 'lastName',
  company: 'accountName',
  jobTitle: 'title|accountRole',
  email: 'emailAddress',
  phone: 'phoneNumber',
  street: 'addressStreet|billingAddressStreet|shippingAddressStreet',
  city: 'addressCity|billingAddressCity|shippingAddressCity',
  postalCode: 'addressPostalCode|billingAddressPostalCode|shippingAddressPostalCode',
  country: 'addressCountry|billingAddressCountry|shippingAddressCountry',
  website: 'website',
  industry: 'industry',
  tag: 'source|type',
  stage: 'status',
  note: 'description',
  companyReference: 'accountId',
  ignore:
    'deleted|name|modifiedAt|createdById|modifiedById|modifiedByName|assignedUserId|teamsIds|accountsIds|emailAddressIsOptedOut|emailAddressIsInvalid|phoneNumberIsOptedOut|phoneNumberIsInvalid|emailAddressData|phoneNumberData|versionNumber|accountIsInactive|streamUpdatedAt',
}

const twenty: Fields = {
  reference: 'Id',
  givenName: 'Name / First Name',
  familyName: 'Name / Last Name',
  email: 'Emails / Primary Email|Emails / Additional Emails',
  phone: 'Phones / Primary Phone Number|Phones / Additional Phones',
  callingCode: 'Phones / Primary Phone Calling Code',
  jobTitle: 'Job Title',
  city: 'City',
  companyReference: 'Company Id',
  note: 'Intro',
  ignore:
    'Phones / Primary Phone Country Code|Avatar URL|Avatar|Last update|Updated at|Deleted at|Position|Created by / Source|Created by / Workspace Member Id|Created by / Context|Updated by / Source|Updated by / Workspace Member Id|Updated by / Context|Linkedin / Link Label|Linkedin / Secondary Links|X / Link Label|X / Secondary Links|Search vector',
}

const twentyCompany: Fields = {
  reference: 'Id',
  company: 'Name',
  website: 'Domain Name / Link URL',
  street: 'Address / Address 1',
  box: 'Address / Address 2',
  city: 'Address / City',
  postalCode: 'Address / Post Code',
  country: 'Address / Country',
  employeeCount: 'Employees',
  ignore:
    'Domain Name / Link Label|Domain Name / Secondary Links|Address / Latitude|Address / Longitude|Account Owner Id|Last update|Updated at|Deleted at|Position|Created by / Source|Created by / Workspace Member Id|Created by / Context|Linkedin / Link Label|Linkedin / Secondary Links|X / Link Label|X / Secondary Links|Search vector',
}

const hubspot: Fields = {
  reference: 'Record ID|Record ID - Contact',
  salutation: 'Salutation',
  givenName: 'First Name',
  familyName: 'Last Name',
  company: 'Associated Company|Company Name|Company name',
  jobTitle: 'Job Title',
  email: 'Email|Additional email addresses|Work email',
  phone: 'Phone Number',
  mobile: 'Mobile Phone Number',
  street: 'Street Address|Street Address 2',
  city: 'City',
  postalCode: 'Postal Code|Zip|Zip Code',
  country: 'Country/Region',
  birthday: 'Date of birth',
  language: 'Preferred language',
  website: 'Website URL|Company Domain Name|Company domain name',
  stage: 'Lifecycle Stage',
  tag: 'Lead Status',
  industry: 'Industry',
  employeeCount: 'Number of Employees',
  companyReference: 'Primary Associated Company ID',
  note: 'Description|About Us',
  ignore:
    'Associated Company IDs|Associated Contact IDs|Associated Deal IDs|Associated Note IDs|Last Activity Date|Last Modified Date|Marketing contact status|Record source|Number of times contacted',
}

const teamleader: Fields = {
  reference: 'ID|Id|Klantnummer|Customer number',
  salutation: 'Aanspreking|Salutation|Geslacht|Gender',
  givenName: 'Voornaam|First name',
  familyName: 'Achternaam|Familienaam|Last name',
  company: 'Bedrijf|Bedrijfsnaam|Company|Company name',
  jobTitle: 'Functie|Function|Position',
  enterpriseNumber:
    'Btw-nummer|BTW-nummer|VAT number|Ondernemingsnummer|National identification number',
  email: 'E-mail|E-mailadres|Email|E-mail address|Facturatie e-mail|Invoicing email',
  phone: 'Telefoon|Telefoonnummer|Telephone|Phone',
  mobile: 'Mobiel|Mobiel nummer|Gsm|GSM|Mobile',
  street: 'Straat|Street',
  houseNumber: 'Nummer|Huisnummer|Number',
  postalCode: 'Postcode|Zip code|Postal code',
  city: 'Stad|Gemeente|Plaats|City',
  country: 'Land|Country',
  language: 'Taal|Language',
  birthday: 'Geboortedatum|Date of birth|Birthdate',
  iban: 'IBAN|Rekeningnummer|Account number',
  website: 'Website',
  tag: 'Tags|Segmenten',
  newsletter: 'Marketing mails|Marketing mails toegestaan|Marketing e-mails',
  note: 'Extra info|Achtergrondinformatie|Background info|Additional info|Remarks',
  ignore: 'Fax|BIC|Toegevoegd op|Laatst bijgewerkt|Added on|Last updated',
}

export const layouts: Layout[] = [
  {
    preset: 'hubspot',
    all: 'Record ID|First Name|Last Name|Email',
    any: 'Contact owner|Lifecycle Stage|Lead Status|Associated Company|Marketing contact status|Primary Associated Company ID|Associated Company IDs',
    none: 'Account Name',
    fields: hubspot,
  },
  {
    preset: 'hubspot',
    all: 'Record ID|Company name',
    any: 'Company owner|Company Domain Name|Lifecycle Stage|Create Date',
    fields: hubspot,
  },
  {
    preset: 'salesforce',
    all: 'First Name|Last Name|Account Name',
    any: 'Contact ID|Account Owner|Contact Owner|Mailing Street|Mailing City|Mailing Zip/Postal Code|Mailing Address Line 1',
    none: 'Record Id|Associated Company',
    fields: salesforcePerson,
  },
  {
    preset: 'salesforce',
    all: 'First Name|Last Name',
    any: 'Company / Account|Lead ID',
    fields: salesforcePerson,
  },
  {
    preset: 'salesforce',
    all: 'Id|FirstName|LastName',
    any: 'AccountId|LeadSource',
    fields: salesforcePerson,
  },
  {
    preset: 'salesforce',
    all: 'Account Name',
    any: 'Billing Street|Billing City|Account Owner|Billing Address Line 1',
    none: 'First Name|Record Id',
    fields: salesforceAccount,
  },
  {
    preset: 'salesforce',
    all: 'Id|Name',
    any: 'BillingStreet|BillingCity',
    fields: salesforceAccount,
  },
  { preset: 'google', all: 'E-mail 1 - Value', any: 'First Name|Given Name', fields: google },
  {
    preset: 'google',
    all: 'Phone 1 - Value',
    any: 'First Name|Given Name',
    fields: google,
  },
  {
    preset: 'outlook',
    all: 'First Name|Last Name|E-mail Address',
    any: 'Business Street|Home Street|Business Phone|E-mail 2 Address|E-mail Display Name|Mobile Phone',
    fields: outlook,
  },
  {
    preset: 'outlook',
    all: 'Voornaam|Achternaam|E-mailadres',
    any: 'Werkadres, straat|Huisadres, straat|Telefoon op werk|E-mailweergavenaam',
    fields: outlookDutch,
  },
  {
    preset: 'odoo',
    all: 'name|email',
    any: 'parent_id|parent_id/id|is_company|company_type|country_id|category_id',
    fields: odoo,
  },
  {
    preset: 'odoo',
    all: 'Name|Email',
    any: 'Related Company|Is a Company|Company Type|Job Position|Tax ID',
    fields: odoo,
  },
  {
    preset: 'odoo',
    all: 'Email|Phone',
    any: 'Complete Name|Display Name',
    none: 'First Name',
    fields: {
      ...odoo,
      nameAfterCompany: 'Complete Name|Display Name',
      ignore: `${odoo.ignore}|Company`,
    },
  },
  { preset: 'espocrm', all: 'firstName|lastName|emailAddress', fields: espo },
  {
    preset: 'espocrm',
    all: 'name|emailAddress',
    any: 'billingAddressStreet|billingAddressCity|sicCode|industry',
    fields: { ...espo, company: 'name', ignore: espo.ignore!.replace('|name|', '|') },
  },
  { preset: 'twenty', all: 'Id|Name / First Name|Name / Last Name', fields: twenty },
  { preset: 'twenty', all: 'Id|Name|Domain Name / Link URL', fields: twentyCompany },
  {
    preset: 'teamleader',
    all: 'Voornaam',
    any: 'Marketing mails|Marketing mails toegestaan|Achtergrondinformatie|Extra info',
    fields: teamleader,
  },
  {
    preset: 'teamleader',
    all: 'First name|Last name',
    any: 'Marketing mails|Marketing e-mails|Background info',
    fields: teamleader,
  },
  {
    preset: 'teamleader',
    all: 'Bedrijfsnaam',
    any: 'Marketing mails|Achtergrondinformatie|Extra info|Facturatie e-mail',
    fields: teamleader,
  },
]
