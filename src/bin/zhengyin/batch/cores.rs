//! The same work for many things on all cores; what comes of it is in the order in which they came.

use crate::output::{Failure, say};
use std::collections::BTreeMap;
use std::num::NonZeroUsize;
use std::ops::ControlFlow;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{self, Receiver, Sender};
use std::sync::{Mutex, PoisonError};
use std::thread;

/// Things that one thread takes at a time.
const CHUNK: usize = 64;
/// Chunks that are on their way, for each thread.
const AHEAD: usize = 4;

/// How many threads there is work for.
pub(crate) fn threads() -> NonZeroUsize {
    thread::available_parallelism().unwrap_or(NonZeroUsize::MIN)
}

type Chunk<T> = (u64, Vec<T>);

/// Takes things from `next`, does `work` for each on `threads`, and gives what comes of it to `sink`, which may break off.
pub(crate) fn in_order<T: Send, U: Send>(
    threads: NonZeroUsize,
    next: &mut dyn FnMut() -> Result<Option<T>, Failure>,
    work: &(dyn Fn(T) -> U + Sync),
    sink: &mut dyn FnMut(U) -> Result<ControlFlow<()>, Failure>,
) -> Result<(), Failure> {
    let (to_threads, chunks) = mpsc::channel::<Chunk<T>>();
    let (to_sink, done) = mpsc::channel();
    let chunks = Mutex::new(chunks);
    thread::scope(|scope| {
        for _ in 0..threads.get() {
            let (chunks, to_sink) = (&chunks, to_sink.clone());
            scope.spawn(move || labour(chunks, &to_sink, work));
        }
        drop(to_sink);
        // Dropped when this ends, however it ends: then the threads end too.
        let to_threads = to_threads;
        let most = threads.get().saturating_mul(AHEAD);
        let mut waiting: BTreeMap<u64, Vec<U>> = BTreeMap::new();
        let (mut sent, mut received, mut at_end) = (0_u64, 0_u64, false);
        let mut flying = 0_usize;
        loop {
            while !at_end && flying < most {
                let mut chunk = Vec::with_capacity(CHUNK);
                while chunk.len() < CHUNK {
                    match next()? {
                        Some(thing) => chunk.push(thing),
                        None => {
                            at_end = true;
                            break;
                        }
                    }
                }
                if chunk.is_empty() {
                    break;
                }
                // The receiving end is held here.
                let _ = to_threads.send((sent, chunk));
                sent = sent.saturating_add(1);
                flying = flying.saturating_add(1);
            }
            if flying == 0 && waiting.is_empty() {
                return Ok(());
            }
            let Ok((number, Some(chunk))) = done.recv() else { return Err(broken()) };
            waiting.insert(number, chunk);
            while let Some(chunk) = waiting.remove(&received) {
                received = received.saturating_add(1);
                flying = flying.saturating_sub(1);
                for thing in chunk {
                    if sink(thing)?.is_break() {
                        return Ok(());
                    }
                }
            }
        }
    })
}

fn labour<T, U>(
    chunks: &Mutex<Receiver<Chunk<T>>>,
    to_sink: &Sender<(u64, Option<Vec<U>>)>,
    work: &(dyn Fn(T) -> U + Sync),
) {
    loop {
        let next = chunks.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok((number, chunk)) = next else { return };
        // A defect of ours ends the work, it does not keep it waiting for ever.
        let done = catch_unwind(AssertUnwindSafe(|| chunk.into_iter().map(work).collect())).ok();
        if to_sink.send((number, done)).is_err() {
            return;
        }
    }
}

fn broken() -> Failure {
    Failure::new(say!("内部错误：一个线程中断了", "internal error: a thread broke down"))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::panic, clippy::arithmetic_side_effects)]
    use super::*;

    fn run(count: u64, until: u64, work: &(dyn Fn(u64) -> u64 + Sync)) -> Result<Vec<u64>, Failure> {
        let mut numbers = 0..count;
        let mut seen = Vec::new();
        in_order(NonZeroUsize::new(3).unwrap(), &mut || Ok(numbers.next()), work, &mut |number| {
            seen.push(number);
            Ok(if number == until { ControlFlow::Break(()) } else { ControlFlow::Continue(()) })
        })?;
        Ok(seen)
    }

    #[test]
    fn the_order_is_kept_and_the_end_is_reached() {
        for count in [0, 1, 63, 64, 65, 5_000] {
            let uneven = |number: u64| (0..number % 7 * 100).fold(number, |number, _| std::hint::black_box(number));
            assert_eq!(run(count, u64::MAX, &uneven).unwrap(), (0..count).collect::<Vec<_>>());
        }
        assert_eq!(run(5_000, 100, &|number| number).unwrap(), (0..=100).collect::<Vec<_>>());
        assert!(run(5_000, u64::MAX, &|number| if number == 700 { panic!("on purpose") } else { number }).is_err());
    }
}
