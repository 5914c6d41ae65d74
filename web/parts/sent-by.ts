import type { FormEvent } from 'react'

/** A form that is sent stays where it is: the browser opens no page for it. */
export const sentBy = (send: () => unknown) => (event: FormEvent) => {
  event.preventDefault()
  send()
}
