//! Ctrl-C, and the request to end that services get: what is under way is finished, and nothing new is begun. The second one ends at once.

use crate::output::{Failure, say};
use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::flag;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Whether the end was asked for.
#[derive(Clone, Debug)]
pub(crate) struct Interrupt(Arc<AtomicBool>);

impl Interrupt {
    /// Watches from now on.
    pub(crate) fn watch() -> Result<Self, Failure> {
        let asked = Arc::new(AtomicBool::new(false));
        for signal in [SIGINT, SIGTERM] {
            // In this order: the first sets what the second finds set.
            flag::register_conditional_default(signal, Arc::clone(&asked))
                .and_then(|_| flag::register(signal, Arc::clone(&asked)))
                .map_err(|error| Failure::new(say!("无法接收信号", "signals cannot be received")).because_io(&error))?;
        }
        Ok(Self(asked))
    }

    pub(crate) fn is_asked(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// The request to read again what was read at the start (`SIGHUP`).
#[derive(Clone, Debug)]
pub(crate) struct Reread(Arc<AtomicBool>);

impl Reread {
    /// Watches from now on.
    pub(crate) fn watch() -> Result<Self, Failure> {
        let asked = Arc::new(AtomicBool::new(false));
        #[cfg(unix)]
        flag::register(signal_hook::consts::SIGHUP, Arc::clone(&asked))
            .map_err(|error| Failure::new(say!("无法接收信号", "signals cannot be received")).because_io(&error))?;
        Ok(Self(asked))
    }

    /// Was it asked for since this was asked last?
    pub(crate) fn take(&self) -> bool {
        self.0.swap(false, Ordering::Relaxed)
    }
}
