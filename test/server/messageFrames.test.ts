import fc from 'fast-check';
import { expect, it } from 'vitest';
import { MessageFrames } from '../../server/messageFrames.ts';

const frame = (body: string) => `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;

it('lets messages pass however they are cut', () => {
  fc.assert(
    fc.property(
      fc.array(fc.string({ unit: 'binary', maxLength: 40 })),
      fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1 }),
      (bodies, cuts) => {
        const bytes = Buffer.from(bodies.map(frame).join(''));
        const frames = new MessageFrames(1_000);
        for (let at = 0, cut = 0; at < bytes.length; cut++) {
          const next = at + (cuts[cut % cuts.length] ?? 1);
          expect(frames.feed(bytes.subarray(at, next))).toBeUndefined();
          at = next;
        }
        expect(frames.feed(Buffer.from(frame('x'.repeat(1_001))))).toMatch(/1001 bytes/);
      },
    ),
  );
});

it.each([
  ['a header without end', 'x'.repeat(5_000)],
  ['a header without a length', 'Content-Type: text\r\n\r\n{}'],
  ['a length that is none', 'Content-Length: 1e9\r\n\r\n'],
  ['another protocol', 'GET / HTTP/1.1\r\nHost: x\r\n\r\n'],
])('refuses %s', (_name, text) => {
  expect(new MessageFrames(100).feed(Buffer.from(text))).toMatch(/no messages/);
});

it('refuses a large message by its header, before its body has come', () => {
  expect(new MessageFrames(100).feed(Buffer.from('Content-Length: 999999999999\r\n\r\n'))).toMatch(/larger than 100/);
});
