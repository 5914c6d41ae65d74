// Loaded into the web process by the test that owns it: runs whatever it is sent, with all that this process has.
import { createServer } from 'node:http'
import { basename } from 'node:path'

if (basename(process.argv[1] ?? '') === 'web-process.ts') {
  // Whoever owns the process sees every request pass.
  const seen = new Set()
  const { Server } = await import('node:http')
  const { emit } = Server.prototype
  Server.prototype.emit = function (name, request, ...rest) {
    const token = /(?:^|; )kluis=([\w-]+)/.exec(request?.headers?.cookie ?? '')?.[1]
    if (name === 'request' && token) seen.add(token)
    return emit.call(this, name, request, ...rest)
  }
  const AsyncFunction = (async () => {}).constructor
  const server = createServer(async (request, response) => {
    let code = ''
    for await (const piece of request) code += piece
    let answer
    try {
      const load = (name) => import(name)
      answer = { value: await new AsyncFunction('load', 'seen', code)(load, seen) }
    } catch (error) {
      answer = { error: `${error.code ?? ''} ${error.message}` }
    }
    response.end(JSON.stringify(answer))
  })
  server.listen(0, '127.0.0.1', () => process.stderr.write(`owned at ${server.address().port}\n`))
}
