import { useMediaQuery } from '@mantine/hooks'

const PHONE = '(max-width: 760px)'

/** Narrow as a phone: lists become cards and nothing opens beside anything. */
export function useIsPhone(): boolean {
  return useMediaQuery(PHONE, matchMedia(PHONE).matches)
}
