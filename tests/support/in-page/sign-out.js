// As the menu does it.
fetch('/api/sign-out', { method: 'POST', headers: { 'x-kluis': '1' } }).then(() =>
  location.assign('/sign-in'),
)
