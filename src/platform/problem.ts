/**
 * Everything a request can be refused with: a closed list, so that the screens can translate each.
 * A refusal never says more than the caller may know: foreign and missing are one answer.
 */
export const problems = {
  'bad-request': [400, 'The request is not in the expected form'],
  'not-signed-in': [401, 'Sign in first'],
  'wrong-credentials': [401, 'These sign-in details are not right'],
  'second-factor-wrong': [401, 'This code is not right or was used before'],
  'sign-in-expired': [401, 'This sign-in took too long; begin again'],
  'not-allowed': [403, 'Your role does not include this'],
  'step-up-needed': [403, 'Prove again who you are, for this alone'],
  'approval-needed': [403, 'Somebody else must agree to this first'],
  'approval-asked': [403, 'Asked; somebody else decides, and nothing was done yet'],
  'sign-in-elsewhere': [403, 'The organisation has you sign in with its own provider'],
  'wrong-origin': [403, 'The request did not come from Kluis itself'],
  'wrong-host': [421, 'This is not the address that Kluis was set up for'],
  'over-budget': [403, 'This holds more customers than your role may have in a day'],
  frozen: [403, 'Your access is frozen until a colleague has looked'],
  'not-found': [404, 'Not found'],
  'changed-meanwhile': [409, 'Someone changed this meanwhile'],
  'factor-not-allowed': [403, 'Your role asks for another way to sign in'],
  'second-needed': [409, 'This needs a second administrator'],
  'not-for-programs': [409, 'The role of a program can not hold what only people decide'],
  'last-factor': [409, 'This is the last thing you can sign in with'],
  'last-administrator': [409, 'The organisation needs somebody who manages colleagues and rights'],
  'own-rights': [403, 'Nobody gives themselves, or anybody else, more than they may give'],
  'role-in-use': [409, 'Colleagues have this role, or fields are shown to it'],
  'team-ring': [409, 'A team can not stand above itself'],
  'rotation-running': [409, 'Other keys are being replaced; one after the other'],
  'already-done': [409, 'This was already done'],
  'kept-by-law': [409, 'A law has this file kept'],
  'reason-needed': [403, 'Say first what it is needed for'],
  'group-ring': [409, 'A company can not stand above itself in its group'],
  'provider-not-right': [422, 'The provider can not be used like this'],
  'last-party': [409, 'The last party of a joint dossier stays; end the dossier instead'],
  'joint-dossier-ended': [409, 'This joint dossier has ended: nothing new is hung on it'],
  'link-used': [410, 'This link was used or has expired'],
  'upload-incomplete': [409, 'Not all of the file has arrived'],
  'too-large': [413, 'The request is too large'],
  'invalid-fields': [422, 'Some fields need another look'],
  'national-number-found': [422, 'The text seems to hold a national number'],
  'weak-password': [422, 'Choose a longer or less common password'],
  'too-many-attempts': [429, 'Too many attempts; wait a moment'],
  'file-unreadable': [422, 'The file can not be read'],
  'record-erased': [410, 'This record was erased'],
  'record-damaged': [500, 'This record does not open: it was damaged or moved'],
  'key-damaged': [500, 'The key of this record is damaged or lost, so that it does not open'],
  internal: [500, 'Something went wrong on our side'],
  'keystore-unavailable': [503, 'The keystore is not there, so nothing sealed opens'],
  'keeper-unavailable': [503, 'The part of Kluis that holds the keys is starting again'],
  'database-unavailable': [503, 'The database does not answer'],
  'index-loading': [503, 'The search index is still loading'],
  'index-off': [422, 'There is no search index on this host'],
} as const satisfies Record<string, readonly [status: number, title: string]>

export type ProblemCode = keyof typeof problems

/** A refusal: the request stops, its transaction rolls back, the client gets `code`. */
export class Problem extends Error {
  readonly code: ProblemCode
  readonly status: number
  readonly detail: Record<string, unknown> | undefined
  constructor(code: ProblemCode, detail?: Record<string, unknown>, options?: ErrorOptions) {
    super(problems[code][1], options)
    this.name = 'Problem'
    this.code = code
    this.status = problems[code][0]
    this.detail = detail
  }
}

export function refuse(code: ProblemCode, detail?: Record<string, unknown>): never {
  throw new Problem(code, detail)
}
