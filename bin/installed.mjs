import { readFileSync } from 'node:fs'

/**
 * Whether what npm installed below `root` is what package-lock.json asks; a server may do without the packages
 * for development. By what stands in the two lock files, so a lock that was merely written anew installs nothing.
 */
export function isInstalled(root, needsDevelopment) {
  const read = (file) => {
    try {
      return JSON.parse(readFileSync(`${root}${file}`, 'utf8')).packages
    } catch {
      return undefined
    }
  }
  const asked = read('package-lock.json')
  const installed = read('node_modules/.package-lock.json')
  if (!asked || !installed) return false
  return Object.entries(asked).every(([path, { version, dev, optional, devOptional, peer }]) => {
    if (path === '') return true
    const isNeeded = (needsDevelopment || !dev) && !optional && !devOptional && !peer
    return installed[path] ? installed[path].version === version : !isNeeded
  })
}
