//! The store in its file, and the bodies of large status lists in files beside it: found, read, written whole by one writer at a time.

mod bodies;

use crate::args::Global;
use crate::files::{self, Access, Lock};
use crate::output::{Failure, Say, say};
use bodies::Bodies;
use std::path::{Path, PathBuf};
use zhengyin::reason::{Language, Reason};
use zhengyin::store::{Store, StoreError};

/// A store of a whole country is far smaller.
const MAX_STORE: usize = 1 << 30;

/// How often a store is read again because it was replaced meanwhile.
const ROUNDS: usize = 16;

/// For commands that use the store.
#[derive(clap::Args, Debug)]
pub(crate) struct StoreArg {
    /// The store's file [default: store/trust.store in the home folder]
    #[arg(long, value_name = "FILE")]
    store: Option<PathBuf>,
}

/// Where a store is, or may be made.
#[derive(Clone, Debug)]
pub(crate) struct StoreFile {
    path: PathBuf,
    bodies: Bodies,
}

impl StoreArg {
    pub(crate) fn find(&self, global: &Global) -> Result<StoreFile, Failure> {
        let path = match &self.store {
            Some(path) => path.clone(),
            None => global.home()?.root().join("store").join("trust.store"),
        };
        Ok(StoreFile::at(path))
    }

    /// The store that was named, or the default one of a home, if there is a home.
    pub(crate) fn find_if_any(&self, global: &Global) -> Result<Option<StoreFile>, Failure> {
        if self.store.is_none() && global.home().is_err() { Ok(None) } else { self.find(global).map(Some) }
    }

    /// Makes the folder of the default file; one that a person named is his to make.
    pub(crate) fn make_folder(&self, global: &Global) -> Result<(), Failure> {
        if self.store.is_some() {
            return Ok(());
        }
        let home = global.home()?;
        home.make()?;
        files::make_folder(&home.root().join("store"), Access::Private)
    }
}

impl StoreFile {
    pub(crate) fn at(path: PathBuf) -> Self {
        let bodies = Bodies::beside(&path);
        Self { path, bodies }
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Files of bodies that no list needs.
    pub(crate) fn superfluous(&self, store: &Store) -> Vec<PathBuf> {
        self.bodies.superfluous(store)
    }

    /// What is held, verified again; `None` where there is no store. A damaged one is never taken for none.
    ///
    /// Readers wait for nobody. A writer removes bodies only after it has replaced the store that named them: who finds one gone reads the
    /// store once more, and only if that is the same as before the body is lost.
    pub(crate) fn read(&self) -> Result<Option<Store>, Failure> {
        let mut before = None;
        for _ in 0..ROUNDS {
            let Some(bytes) = files::read_if_there(&self.path, MAX_STORE)? else { return Ok(None) };
            let mut is_lost = false;
            let found = Store::from_contents(&bytes, |name| {
                let file = self.bodies.open(name);
                is_lost |= file.is_none();
                file
            });
            let store = found.map_err(|error| self.unusable(error))?;
            if !is_lost || before.as_ref() == Some(&bytes) {
                return Ok(Some(store));
            }
            before = Some(bytes);
        }
        let shown = self.path.display();
        Err(Failure::new(say!("信任库 {shown} 不断被替换", "the store {shown} is replaced again and again"))
            .next("zhengyin store doctor"))
    }

    fn unusable(&self, error: StoreError) -> Failure {
        let (shown, path) = (self.path.display(), files::quoted(&self.path));
        Failure::new(say!("无法使用信任库 {shown}", "the store {shown} cannot be used"))
            .because(explain(error))
            .next(format!("mv {path} {path}.damaged && zhengyin store init --pin HEX --from PACK"))
    }

    /// What is held, or what to do where nothing is.
    pub(crate) fn demand(&self) -> Result<Store, Failure> {
        let shown = self.path.display();
        self.read()?.ok_or_else(|| {
            Failure::new(say!("没有信任库 {shown}", "there is no store {shown}"))
                .next("zhengyin store init --pin HEX --from PACK")
        })
    }

    /// The writer's lock: a file beside the store, because the store itself is replaced.
    pub(crate) fn lock(&self) -> Result<Lock, Failure> {
        let mut name = self.path.as_os_str().to_owned();
        name.push(".lock");
        files::lock(Path::new(&name))
    }

    /// Nothing stands there that a new store would replace.
    pub(crate) fn check_absent(&self) -> Result<(), Failure> {
        files::check_absent(&self.path).map_err(|failure| failure.next("zhengyin store show"))
    }

    /// Under the writer's lock.
    pub(crate) fn create(&self, store: &Store) -> Result<(), Failure> {
        self.bodies.write(store)?;
        files::create(&self.path, &store.to_contents(), Access::Shared)?;
        // What is left of a store that stood here before.
        self.bodies.clear(store);
        Ok(())
    }

    /// Under the writer's lock.
    pub(crate) fn replace(&self, store: &Store) -> Result<(), Failure> {
        files::clear_temporaries(&self.path);
        self.bodies.write(store)?;
        files::replace(&self.path, &store.to_contents(), Access::Shared)?;
        self.bodies.clear(store);
        Ok(())
    }
}

/// What is wrong, and what helps: a damaged store is restored or set up again, never read in part.
fn explain(error: StoreError) -> Say {
    let zh = match error {
        StoreError::NotAStore => "不是本版本的信任库".to_owned(),
        StoreError::Object(reason) => format!("其中一个对象未通过验证（{}）", reason.symbol()),
        _ => "文件已损坏".to_owned(),
    };
    let remedy = |language| Reason::StoreCorrupt.remedy().text(language);
    Say { zh: format!("{zh}。{}", remedy(Language::Zh)), en: format!("{error}. {}", remedy(Language::En)) }
}
