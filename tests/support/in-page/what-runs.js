// What would run on this screen if it were followed or touched, and whether the texts stand there at all.
;(() => {
  const every = [...document.querySelectorAll('*')]
  const leads = ['href', 'src', 'action', 'formaction', 'xlink:href']
  return {
    links: every
      .flatMap((one) => leads.map((name) => one.getAttribute(name) ?? ''))
      .filter((value) => /^\s*(javascript|data:text|vbscript)/i.test(value)),
    handlers: every.flatMap((one) =>
      one.getAttributeNames().filter((name) => name.startsWith('on')),
    ),
    hasText: document.body.innerText.includes('onerror=ran()'),
  }
})()
