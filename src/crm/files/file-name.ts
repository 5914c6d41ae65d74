const NAME_MAX = 200
// Names that are devices on Windows, whatever their extension.
const DEVICE = /^(con|prn|aux|nul|com\d|lpt\d)(\..*)?$/i

/**
 * A name that is safe to show and to save under: no path, no control characters, and nothing that turns the direction of
 * reading, which makes `cod.exe` look like `exe.doc`. Undefined when nothing is left.
 */
export function cleanFileName(given: string): string | undefined {
  const bare = given
    .toWellFormed()
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}]/gu, '')
    // Only now: what stood between a letter and its accents is gone, so they compose and sort as they will stay.
    .normalize('NFC')
    .replace(/^.*[/\\]/su, '')
    .replace(/[<>:"|?*]/g, '_')
    .replace(/\s+/gu, ' ')
    .replace(/^[\s.]+|[\s.]+$/gu, '')
  if (bare === '') return undefined
  const name = DEVICE.test(bare) ? `_${bare}` : bare
  if (name.length <= NAME_MAX) return name
  const extension = /\.[^.]{1,20}$/u.exec(name)?.[0] ?? ''
  return name.slice(0, NAME_MAX - extension.length).toWellFormed() + extension
}

export function cleanFileType(given: string | undefined): string {
  const type = given?.toLowerCase() ?? ''
  return /^[a-z0-9.+-]{1,60}\/[a-z0-9.+-]{1,80}$/.test(type) ? type : 'application/octet-stream'
}

/** RFC 6266: always an attachment, the name once in ASCII and once as it is. */
export function attachmentNamed(name: string): string {
  const ascii = name.normalize('NFKD').replace(/[^A-Za-z0-9._ -]/g, '_')
  const whole = encodeURIComponent(name).replace(
    /['()*!]/g,
    (letter) => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`,
  )
  return `attachment; filename="${ascii}"; filename*=UTF-8''${whole}`
}
