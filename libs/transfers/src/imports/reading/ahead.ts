/**
 * The same, one step ahead: the next is read while whoever asks still works on this one. @throws what reading it threw,
 * once it is its turn
 */
export async function* ahead<T>(source: AsyncGenerator<T, void>): AsyncGenerator<T, void> {
  let next = begun(source);
  try {
    for (;;) {
      const { done, value } = await next;
      if (done) return;
      next = begun(source);
      yield value;
    }
  } finally {
    await source.return();
  }
}

function begun<T>(source: AsyncGenerator<T, void>): Promise<IteratorResult<T, void>> {
  const next = source.next();
  next.catch(() => undefined); // whoever asks for it hears of it
  return next;
}
