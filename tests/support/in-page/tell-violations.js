// Runs in every page of a journey, before any script of the page.
document.addEventListener('securitypolicyviolation', (event) => {
  window.toldViolation(`${event.effectiveDirective} refused ${event.blockedURI} ${event.sample}`)
})
