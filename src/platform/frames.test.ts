import fc from 'fast-check'
import { expect, test } from 'vitest'
import { FrameReader, FrameRefused, frameOf } from './frames.ts'

test('what is sent arrives whole and in order, in whatever pieces the stream cuts it', () => {
  fc.assert(
    fc.property(
      fc.array(fc.uint8Array({ minLength: 1, maxLength: 200 }), { maxLength: 20 }),
      fc.array(fc.integer({ min: 1, max: 70 }), { minLength: 1, maxLength: 50 }),
      (bodies, sizes) => {
        const stream = Buffer.concat(bodies.map(frameOf))
        const heard: Buffer[] = []
        const reader = new FrameReader(200, (body) => heard.push(body))
        for (let at = 0, i = 0; at < stream.length; i++) {
          const size = sizes[i % sizes.length]!
          reader.push(stream.subarray(at, at + size))
          at += size
        }
        expect(heard.map((body) => body.toString('hex'))).toEqual(
          bodies.map((body) => Buffer.from(body).toString('hex')),
        )
      },
    ),
  )
})

test.each([
  ['one byte too long', 201],
  ['as long as can be said', 0xffffffff],
  ['empty', 0],
])('a frame that is %s is refused at its length, before any of it is kept', (_, length) => {
  const heard: Buffer[] = []
  const reader = new FrameReader(200, (body) => heard.push(body))
  const head = Buffer.alloc(4)
  head.writeUInt32BE(length)
  expect(() => reader.push(head)).toThrow(FrameRefused)
  expect(heard).toEqual([])
})
