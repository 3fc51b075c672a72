/** What waits until it is seen, or until the page has nothing better to do. */
const waiting = new Map<Element, () => void>();
/** Safari, in which VS Code runs as well, has no idle callbacks. */
const whenIdle = (work: () => void) => ('requestIdleCallback' in globalThis ? requestIdleCallback(work) : setTimeout(work, IDLE_MS));
const IDLE_MS = 100;
let isIdleAsked = false;
let observer: IntersectionObserver | undefined;

/**
 * Does work that is expensive for an element once a person can see it; for elements that are somewhere else one after the other, when the page
 * is idle: a notebook hands all of its outputs to the page at once, those in view not first. Gives a function that takes the work back.
 */
export function whenSeen(element: Element, work: () => void): () => void {
  waiting.set(element, work);
  observer ??= new IntersectionObserver((entries) => {
    for (const { target, isIntersecting } of entries) if (isIntersecting) begin(target);
  });
  observer.observe(element);
  waitForIdle();
  return () => forget(element);
}

function begin(element: Element): void {
  const work = waiting.get(element);
  forget(element);
  work?.();
}

function forget(element: Element): void {
  waiting.delete(element);
  observer?.unobserve(element);
}

function waitForIdle(): void {
  if (isIdleAsked) return;
  isIdleAsked = true;
  whenIdle(() => {
    isIdleAsked = false;
    // What is hidden has no size to be made for: it is seen when it is shown.
    const next = [...waiting.keys()].find((element) => element.getClientRects().length > 0);
    if (next === undefined) return;
    begin(next);
    waitForIdle();
  });
}
