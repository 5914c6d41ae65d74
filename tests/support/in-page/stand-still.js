// Until nothing moves that ends: twice, since what ends may begin something, and what is drawn next may too.
;(async () => {
  const drawn = () => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)))
  for (let still = 0; still < 2; ) {
    await drawn()
    const moving = document
      .getAnimations()
      .filter(
        (one) => one.playState === 'running' && one.effect.getComputedTiming().endTime < Infinity,
      )
    if (moving.length === 0) still++
    else {
      still = 0
      await Promise.allSettled(moving.map((one) => one.finished))
    }
  }
})()
