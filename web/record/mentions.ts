import type { Colleague } from '../api/shapes.ts'

const STORED = /<@([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})>/g

/** What a note is stored as, as its writer sees it: names in the place of ids. */
export function typedText(stored: string, colleagues: readonly Colleague[]): string {
  return stored.replace(STORED, (whole, id: string) => {
    const name = colleagues.find((one) => one.id === id)?.name
    return name ? `@${name}` : whole
  })
}

/**
 * The reverse: each `@Name` becomes the id of that colleague. Two of one name: `chosen` says which one was meant, by
 * choosing from the list or because the note mentioned them before.
 */
export function storedText(
  typed: string,
  colleagues: readonly Colleague[],
  chosen: readonly string[],
): string {
  const candidates = colleagues
    .filter((one) => one.name && (one.status === 'active' || chosen.includes(one.id)))
    .sort(
      (a, b) =>
        b.name.length - a.name.length ||
        Number(chosen.includes(b.id)) - Number(chosen.includes(a.id)),
    )
  let text = ''
  for (let at = 0; at < typed.length; ) {
    const isStart = typed[at] === '@' && !/[\p{L}\p{N}]/u.test(typed[at - 1] ?? '')
    const meant =
      isStart &&
      candidates.find(
        ({ name }) =>
          typed.startsWith(name, at + 1) &&
          !/[\p{L}\p{N}]/u.test(typed[at + 1 + name.length] ?? ''),
      )
    text += meant ? `<@${meant.id}>` : typed[at]
    at += meant ? meant.name.length + 1 : 1
  }
  return text
}

export function mentionedIn(stored: string): string[] {
  return [...stored.matchAll(STORED)].map(([, id]) => id!)
}
