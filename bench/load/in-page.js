/**
 * Runs in the page, on its own clock: what somebody sees is there from the frame after it was drawn.
 * Hung on `window` by bench/screens.ts.
 */
const frame = () => new Promise(requestAnimationFrame)
const pause = () => new Promise((resolve) => setTimeout(resolve, 150))
const filled = '.k-grid-row[role="row"]'
const grid = () => document.querySelector('.k-grid')

window.measure = {
  /** From the start of loading this address until what is asked stands there. */
  async loaded(selector) {
    while (!document.querySelector(selector)) await frame()
    return performance.now()
  },

  /** From the click on a row until its dossier stands beside the list; each one that nobody opened before. */
  async openRows(count) {
    const took = []
    for (let turn = 0; turn < count; turn++) {
      grid().scrollTop = turn * 2_000
      let row
      while (!row) {
        await frame()
        const top = grid().getBoundingClientRect().top + 80
        row = [...document.querySelectorAll(filled)].find(
          (one) => one.getBoundingClientRect().top > top,
        )
      }
      await pause()
      const name = row.querySelectorAll('[role="gridcell"]')[1].textContent.trim()
      const began = performance.now()
      row.click()
      const shown = () => document.querySelector('article.k-record')?.getAttribute('aria-label')
      while (!shown() || !name.endsWith(shown())) await frame()
      took.push(performance.now() - began)
      await pause()
    }
    return took
  },

  /** The time between frames while the list scrolls. */
  async scroll(forMs) {
    const gaps = []
    const began = performance.now()
    let before = began
    for (;;) {
      await frame()
      const now = performance.now()
      gaps.push(now - before)
      before = now
      if (now - began > forMs) return gaps
      grid().scrollTop += 60
    }
  },

  /** From a jump until every row in sight is filled; to places far apart, the same in each run. */
  async jump(count) {
    const inSight = () => {
      const { top, bottom } = grid().getBoundingClientRect()
      return [...grid().querySelectorAll('.k-grid-row')].filter((row) => {
        const at = row.getBoundingClientRect()
        return at.bottom > top + 40 && at.top < bottom
      })
    }
    const took = []
    for (let turn = 0; turn < count; turn++) {
      const began = performance.now()
      grid().scrollTop = ((turn * 0.618) % 1) * (grid().scrollHeight - 1_000)
      do await frame()
      while (inSight().length === 0 || inSight().some((row) => !row.matches(filled)))
      took.push(performance.now() - began)
      await pause()
    }
    return took
  },
}
