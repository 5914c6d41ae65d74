// Runs before the first paint, so that a dark screen does not flash white. A file and not inline:
// the content security policy runs nothing that stands in the page itself.
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
