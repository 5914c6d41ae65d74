import { readdirSync, readFileSync } from 'node:fs'

export type Used = { pid: number; name: string; privateMb: number }

/**
 * A process and all that it started, with each one's proportional share of memory in MB: what several share is
 * counted once. Source: /proc/PID/smaps_rollup, Linux.
 */
export function memoryOf(root: number): Used[] {
  const parents = new Map<number, { parent: number; name: string }>()
  for (const entry of readdirSync('/proc'))
    if (/^\d+$/.test(entry)) {
      const stat = read(`/proc/${entry}/stat`)
      const after = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
      const command = read(`/proc/${entry}/cmdline`).replaceAll('\0', ' ')
      if (after[1]) parents.set(Number(entry), { parent: Number(after[1]), name: command })
    }
  const isOurs = (pid: number): boolean =>
    pid === root || (parents.has(pid) && isOurs(parents.get(pid)!.parent))
  return [...parents]
    .filter(([pid]) => isOurs(pid))
    .map(([pid, { name }]) => {
      const kb = /^Pss:\s+(\d+)/m.exec(read(`/proc/${pid}/smaps_rollup`))?.[1] ?? '0'
      return { pid, name, privateMb: Math.round(Number(kb) / 1024) }
    })
}

// A process may end while we look.
function read(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}
