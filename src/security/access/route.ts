/**
 * The one way to declare an address. A route without a permission does not compile; `serve.ts` asks it
 * before anything is parsed, and filters every reply through its shape.
 */
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { z } from 'zod'
import type { ReadTx, SessionToken, Tx } from '#platform/db.ts'
import type { Operation, Preview } from './contract.ts'
import type { Permission } from './permissions.ts'
import type { Who } from './who.ts'

export type Method = 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE'
export type Address = `${Method} /api/${string}`
type Shape = z.ZodType

/** 'signed-in' is for what concerns only the caller: the own session, the own factors. */
export type Needs = Permission | 'signed-in'

type Shapes = { params?: Shape; query?: Shape; body?: Shape; reply: Shape }
type Given<S extends Shapes, K extends 'params' | 'query' | 'body'> = S[K] extends Shape
  ? z.output<S[K]>
  : undefined

export type ReadCall<S extends Shapes> = {
  tx: ReadTx
  who: Who
  token: SessionToken
  now: Date
  params: Given<S, 'params'>
  query: Given<S, 'query'>
  request: FastifyRequest
  reply: FastifyReply
}
export type WriteCall<S extends Shapes> = ReadCall<S> & {
  body: Given<S, 'body'>
  writeAtOnce<T>(ask: (tx: Tx) => Promise<T>): Promise<T>
  write<T>(ask: (tx: Tx) => Promise<T>): Promise<T>
}
export type OpenCall<S extends Shapes> = {
  now: Date
  params: Given<S, 'params'>
  query: Given<S, 'query'>
  body: Given<S, 'body'>
  request: FastifyRequest
  reply: FastifyReply
}

type Common = {
  status?: number
  purpose?: string
  bodyLimitBytes?: number
  /** The body is a file of one of these media types, and not JSON. */
  fileTypes?: readonly string[]
  replyType?: string
  /** The screen asks it by itself again and again: no sign that somebody is there, so it keeps no session alive. */
  isUnattended?: boolean
  /** Of the query: what says nothing of what is done, so that no grant is bound to it. */
  besides?: readonly string[]
}
/** What asks more than a session, see operations.ts; of some addresses only what is sent tells. */
type Asks<S extends Shapes> = {
  operation?: Operation | ((call: Sent<S>) => Operation | undefined)
  /** What it will do, for whoever must agree to it where four eyes are asked. */
  preview?: (call: Sent<S> & { tx: ReadTx; who: Who }) => Preview | Promise<Preview>
}
type Sent<S extends Shapes> = {
  params: Given<S, 'params'>
  query: Given<S, 'query'>
  body: Given<S, 'body'>
}

export type Route = Common &
  Shapes & {
    kind: 'read' | 'write' | 'open'
    method: Method
    path: string
    needs: Needs | 'nobody'
    // biome-ignore lint/suspicious/noExplicitAny: as for the answer
    operation?: Operation | ((call: any) => Operation | undefined)
    // biome-ignore lint/suspicious/noExplicitAny: as for the answer
    preview?: (call: any) => Preview | Promise<Preview>
    // biome-ignore lint/suspicious/noExplicitAny: the shapes of one route are checked where it is declared
    answer: (call: any) => Promise<unknown>
  }

function route(
  kind: Route['kind'],
  address: Address,
  given: Omit<Route, 'kind' | 'method' | 'path' | 'answer'>,
  answer: Route['answer'],
): Route {
  const [method, path] = address.split(' ') as [Method, string]
  return { ...given, kind, method, path, answer }
}

export function read<S extends Shapes>(
  address: Address,
  given: S & Common & Asks<NoInfer<S>> & { needs: Needs },
  answer: (call: ReadCall<S>) => Promise<z.input<S['reply']>>,
): Route {
  return route('read', address, given, answer)
}

export function write<S extends Shapes>(
  address: Address,
  given: S & Common & Asks<NoInfer<S>> & { needs: Needs },
  answer: (call: WriteCall<S>) => Promise<z.input<S['reply']>>,
): Route {
  return route('write', address, given, answer)
}

/** For those who have no session yet: sign-in, set-up, health. Nothing else. */
export function open<S extends Shapes>(
  address: Address,
  given: S & Common,
  answer: (call: OpenCall<S>) => Promise<z.input<S['reply']>>,
): Route {
  return route('open', address, { ...given, needs: 'nobody' }, answer)
}
