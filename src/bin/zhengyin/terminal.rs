//! The terminal's own habits, changed for a while and put back. The one place that knows the crate which does it.
//!
//! A terminal puts lines together before a program sees them: it shows what is typed, and cuts at 4095 characters, which is less than a
//! large code has. For scanners that type, and for those behind a serial line, both must go.

#[cfg(unix)]
use rustix::termios::{
    InputModes, LocalModes, OptionalActions, SpecialCodeIndex, Termios, tcgetattr, tcgetwinsize, tcsetattr,
};
use std::io;
#[cfg(unix)]
use std::os::fd::AsFd;

/// Standard input as it comes: not shown, of any length, at once. Ctrl-C stays what it is. Dropped, everything is as before.
#[derive(Debug)]
pub(crate) struct AsItComes {
    #[cfg(unix)]
    before: Option<Termios>,
}

impl AsItComes {
    /// Nothing changes where standard input is no terminal.
    #[cfg(unix)]
    pub(crate) fn stdin() -> Self {
        let stdin = io::stdin();
        let Ok(before) = tcgetattr(&stdin) else { return Self { before: None } };
        let mut now = before.clone();
        now.local_modes.remove(LocalModes::ICANON | LocalModes::ECHO);
        now.input_modes.remove(InputModes::IXON);
        now.special_codes[SpecialCodeIndex::VMIN] = 1;
        now.special_codes[SpecialCodeIndex::VTIME] = 0;
        let set = tcsetattr(&stdin, OptionalActions::Now, &now);
        Self { before: set.is_ok().then_some(before) }
    }

    #[cfg(not(unix))]
    pub(crate) const fn stdin() -> Self {
        Self {}
    }
}

#[cfg(unix)]
impl Drop for AsItComes {
    fn drop(&mut self) {
        if let Some(before) = &self.before {
            // A terminal that is gone needs nothing back.
            let _ = tcsetattr(io::stdin(), OptionalActions::Now, before);
        }
    }
}

/// The same for a device: whatever it sends is passed on as it is, and nothing is sent back. A device that is no terminal is left alone.
#[cfg(unix)]
pub(crate) fn pass_on_everything(device: impl AsFd) {
    if let Ok(mut termios) = tcgetattr(&device) {
        termios.make_raw();
        let _ = tcsetattr(&device, OptionalActions::Now, &termios);
    }
}

/// Rows and columns of the terminal that standard output is.
pub(crate) fn size() -> Option<(usize, usize)> {
    #[cfg(unix)]
    {
        let size = tcgetwinsize(io::stdout()).ok().filter(|size| size.ws_row > 0 && size.ws_col > 0)?;
        Some((usize::from(size.ws_row), usize::from(size.ws_col)))
    }
    #[cfg(not(unix))]
    None
}
