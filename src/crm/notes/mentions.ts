// More colleagues than this in one note is a mailing, and no mention.
const MENTIONS_MAX = 50
const MENTION = /<@([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})>/g

/** Whom a text mentions, each once. */
export function mentionsIn(body: string): string[] {
  return [...new Set([...body.matchAll(MENTION)].map(([, id]) => id!))].slice(0, MENTIONS_MAX)
}

/** The text with its mentions blanked, as long as before: an id's digits are no national number. */
export function withoutMentions(body: string): string {
  return body.replace(MENTION, (whole) => ' '.repeat(whole.length))
}
