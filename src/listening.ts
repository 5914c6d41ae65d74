/** Listens on loopback, or with a certificate of its own on a network; plain HTTP never leaves the machine. */
import { createServer } from 'node:http'
import type { Server as TlsServer } from 'node:tls'
import type { FastifyInstance } from 'fastify'
import { type Certificate, redirectServer, watchCertificate } from '#platform/certificate.ts'
import { CONNECTIONS_MAX, connectionLimits } from '#platform/http.ts'
import { type Config, type TlsConfig, WrongUse } from './config.ts'

type Say = (line: string) => void
export type Where = Pick<Config, 'port' | 'origin' | 'tls'>
export type Listening = {
  /** Where TLS is our own: looks now whether the certificate was renewed. */
  lookAtCertificate?: () => void
  close(): void
}

const LOOK_AT_CERTIFICATE_MS = 60_000

export async function listen(
  http: FastifyInstance,
  where: Where,
  certificate: Certificate | undefined,
  say: Say,
): Promise<Listening> {
  try {
    return where.tls && certificate
      ? await listenWithTls(http, where, where.tls, certificate, say)
      : await listenOnLoopback(http, where.port)
  } catch (error) {
    throw whyNotListening(error, where)
  }
}

async function listenWithTls(
  http: FastifyInstance,
  { port, origin }: Where,
  files: TlsConfig,
  first: Certificate,
  say: Say,
): Promise<Listening> {
  const everywhere = async () => {
    try {
      await http.listen({ host: '::', port })
    } catch (error) {
      // No IPv6 on this machine.
      if (!/EAFNOSUPPORT|EADDRNOTAVAIL/.test((error as { code?: string }).code ?? '')) throw error
      await http.listen({ host: '0.0.0.0', port })
    }
  }
  await (files.listen ? http.listen({ host: files.listen, port }) : everywhere())
  const watch = watchCertificate([http.server as unknown as TlsServer], files, {
    hostname: origin.hostname,
    first,
    everyMs: LOOK_AT_CERTIFICATE_MS,
    say,
  })
  const redirect = files.redirectPort === undefined ? undefined : redirectServer(origin)
  const listening = {
    lookAtCertificate: watch.look,
    close() {
      watch.close()
      redirect?.closeAllConnections()
      redirect?.close()
    },
  }
  if (!redirect) return listening
  await new Promise<void>((resolve, reject) => {
    redirect.once('error', reject)
    redirect.listen(files.redirectPort, files.listen, resolve)
  })
  return listening
}

/** Browsers may try either for the name localhost. */
async function listenOnLoopback(http: FastifyInstance, port: number): Promise<Listening> {
  await http.listen({ host: '127.0.0.1', port })
  const server = createServer(connectionLimits, (request, response) =>
    http.routing(request, response),
  )
  server.maxConnections = CONNECTIONS_MAX
  await new Promise<void>((resolve) => {
    // No IPv6 on this machine is no reason not to start.
    server.on('error', () => resolve())
    server.listen(port, '::1', resolve)
  })
  return {
    close() {
      server.closeAllConnections()
      server.close()
    },
  }
}

function whyNotListening(error: unknown, { port, tls }: Where): unknown {
  const { code, port: asked = port } = error as { code?: string; port?: number }
  const flag = asked === tls?.redirectPort ? '--redirect-port' : '--port'
  if (code === 'EADDRINUSE')
    return new WrongUse(`port ${asked} is in use; choose another with ${flag}`, { cause: error })
  if (code === 'EACCES')
    return new WrongUse(
      `port ${asked} is for root alone, and Kluis does not run as root; choose one from 1024 on with ${flag}, or allow it with: sysctl net.ipv4.ip_unprivileged_port_start=${asked}`,
      { cause: error },
    )
  if (code === 'EADDRNOTAVAIL')
    return new WrongUse(`--listen: ${tls?.listen} is no address of this machine`, { cause: error })
  return error
}
