import { describe, expect, it } from 'vitest';
import { chooseOpening, type OpeningCandidate } from '../../../client/notebook/chooseOpening.ts';

function candidate(name: string, facts: Partial<OpeningCandidate>): OpeningCandidate & { readonly name: string } {
  return { name, isOpen: false, isActive: false, hasContent: false, ...facts };
}

function chosen(...candidates: (OpeningCandidate & { readonly name: string })[]): string | undefined {
  return chooseOpening(candidates)?.name;
}

describe('chooseOpening', () => {
  it('takes the notebook with this content, whether it can be seen or not', () => {
    expect(chosen(candidate('a', { hasContent: true }), candidate('b', { isActive: true }))).toBe('a');
    expect(chosen(candidate('a', { hasContent: true, isOpen: true }), candidate('b', { isActive: true }))).toBe('a');
  });

  it('takes of two with the same content the one that is not open yet, or that can be seen', () => {
    expect(chosen(candidate('a', { hasContent: true, isOpen: true, isActive: true }), candidate('b', { hasContent: true }))).toBe('b');
    expect(chosen(candidate('a', { hasContent: true }), candidate('b', { hasContent: true, isActive: true }))).toBe('b');
  });

  it('takes none where two could be meant', () => {
    const twin = { hasContent: true, isActive: true };
    expect(chosen(candidate('a', twin), candidate('b', twin))).toBeUndefined();
    expect(chosen(candidate('a', { hasContent: true }), candidate('b', { hasContent: true }))).toBeUndefined();
  });

  it('takes a notebook with unsaved changes, whose content is in no file, only where no other is being opened', () => {
    expect(chosen(candidate('a', { isActive: true }), candidate('b', { isActive: true, isOpen: true }), candidate('c', {}))).toBe('a');
    expect(chosen(candidate('a', { isActive: true }), candidate('b', { isActive: true }))).toBeUndefined();
    expect(chosen(candidate('a', { isOpen: true, isActive: true }))).toBeUndefined();
    expect(chosen()).toBeUndefined();
  });
});
