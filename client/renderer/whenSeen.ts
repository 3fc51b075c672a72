/** What waits until it is seen, or until the page has nothing better to do. */
const waiting = new Map<Element, () => void>();
/** Safari, in which VS Code runs as well, has no idle callbacks. */
const whenIdle = (work: () => void) => ('requestIdleCallback' in globalThis ? requestIdleCallback(work) : setTimeout(work, IDLE_MS));
const IDLE_MS = 100;
let isIdleAsked = false;
let observer: IntersectionObserver | undefined;
/** What is awaited and comes later than this after something else is not one of many. */
const APART_MS = 200;
let madeAt = Number.NEGATIVE_INFINITY;

/**
 * Does work that is expensive for an element once a person can see it; for elements that are somewhere else one after the other, when the page
 * is idle: a notebook hands all of its outputs to the page at once, those in view not first. Gives a function that takes the work back.
 * What somebody has just asked for is `awaited`: it is done at once unless it is one of many, as to learn what is seen takes a frame or two, 100 to 200 ms
 * while a query has the processors.
 */
export function whenSeen(element: Element, isAwaited: boolean, work: () => void): () => void {
  if (isAwaited && performance.now() - madeAt > APART_MS && isShown(element)) {
    make(work);
    return () => undefined;
  }
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
  if (work !== undefined) make(work);
}

function make(work: () => void): void {
  work();
  madeAt = performance.now();
}

/** What is hidden has no size to be made for: it is seen when it is shown. */
function isShown(element: Element): boolean {
  return element.getClientRects().length > 0;
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
    const next = [...waiting.keys()].find(isShown);
    if (next === undefined) return;
    begin(next);
    waitForIdle();
  });
}
