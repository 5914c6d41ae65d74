// In a page of another site; `target` is where Kluis is, and the visitor has a session there.
;(async () => {
  const outcome = (asked) =>
    asked.then(
      () => 'done',
      () => 'refused',
    )
  const read = await outcome(fetch(`${target}/api/people`, { credentials: 'include' }))
  const sent = await outcome(
    fetch(`${target}/api/sessions/sign-out-everywhere`, {
      method: 'POST',
      credentials: 'include',
      headers: { 'content-type': 'application/json', 'x-kluis': '1' },
    }),
  )
  const frame = document.createElement('iframe')
  frame.src = `${target}/people`
  document.body.append(frame)
  await new Promise((resolve) => frame.addEventListener('load', resolve))
  // Where a browser shows its own page of refusal, nothing of the frame is there to be seen.
  let framed = 'nothing'
  try {
    if (frame.contentDocument?.title) framed = frame.contentDocument.title
  } catch {
    framed = 'nothing'
  }
  return { read, sent, framed }
})()
