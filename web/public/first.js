// Runs before everything else of the page. A file and not inline: it is of no one answer, and is kept by the browser.

// The page makes no HTML and no script out of a text (Trusted Types, which the server's policy enforces). The component
// library sets the text of its own style elements as if it were HTML; style rules have no `<`, and without one no text
// makes an element or an attribute. There is no other policy, and none for scripts: the server forbids making one.
if (window.trustedTypes)
  window.trustedTypes.createPolicy('default', {
    createHTML: (text) => (text.includes('<') ? null : text),
  })

  // Before the first paint, so that a dark screen does not flash white.
;(() => {
  let chosen = 'auto'
  try {
    chosen = localStorage.getItem('kluis.theme') ?? 'auto'
  } catch {
    // Storage can be closed; the system's own choice is then good enough.
  }
  const dark =
    chosen === 'dark' || (chosen !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches)
  document.documentElement.dataset.mantineColorScheme = dark ? 'dark' : 'light'
})()
