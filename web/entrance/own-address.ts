/**
 * Where a sign-in leads: an address of our own, whatever somebody put into a link. The browser's own reading decides,
 * since `/\t/elsewhere` and `/.//elsewhere` are other sites to it too.
 */
export function ownAddress(asked: string | undefined, origin: string): string {
  const url =
    asked?.startsWith('/') && URL.canParse(asked, origin) ? new URL(asked, origin) : undefined
  return url?.origin === origin ? url.href : `${origin}/people`
}
