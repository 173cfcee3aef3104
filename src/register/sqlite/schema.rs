//! The tables, and how those of earlier versions become those of this one.

use rusqlite::Connection;

/// `PRAGMA application_id`: `ZYRG`.
pub(super) const APPLICATION: i32 = 0x5a59_5247;

/// One step for each `user_version`; a step is never changed once it was released.
const STEPS: &[&str] = &[FIRST, SECOND];

/// The `user_version` of this program.
pub(super) fn version() -> i32 {
    i32::try_from(STEPS.len()).unwrap_or(i32::MAX)
}

/// `at` is a position: the list's row shifted left by 32 bits, and the index. So credentials lie in the order in which they were issued.
const FIRST: &str = "
CREATE TABLE journal (
    seq INTEGER PRIMARY KEY, time INTEGER NOT NULL, tenant TEXT, actor TEXT NOT NULL, approver TEXT, action INTEGER NOT NULL,
    subject BLOB NOT NULL CHECK (length(subject) = 32), reason TEXT NOT NULL, detail BLOB NOT NULL,
    previous BLOB NOT NULL CHECK (length(previous) = 32), chain BLOB NOT NULL CHECK (length(chain) = 32)
) STRICT;
CREATE INDEX journal_subject ON journal (subject);
CREATE TRIGGER journal_is_appended_to_only BEFORE UPDATE ON journal BEGIN SELECT RAISE(ABORT, 'the journal is only appended to'); END;
CREATE TRIGGER journal_is_kept BEFORE DELETE ON journal BEGIN SELECT RAISE(ABORT, 'the journal is only appended to'); END;

CREATE TABLE tenant (id INTEGER PRIMARY KEY, code TEXT NOT NULL UNIQUE) STRICT;
CREATE TABLE list (
    id INTEGER PRIMARY KEY CHECK (id BETWEEN 1 AND 2147483647), tenant INTEGER NOT NULL REFERENCES tenant, number INTEGER NOT NULL,
    next INTEGER NOT NULL CHECK (next BETWEEN 0 AND 4294967295), UNIQUE (tenant, number)
) STRICT;
CREATE TABLE allotment (at INTEGER PRIMARY KEY, count INTEGER NOT NULL CHECK (count > 0)) STRICT;
CREATE TABLE void (at INTEGER PRIMARY KEY, count INTEGER NOT NULL CHECK (count > 0)) STRICT;
CREATE TABLE skip (at INTEGER PRIMARY KEY, count INTEGER NOT NULL CHECK (count > 0)) STRICT;
CREATE TRIGGER void_is_kept BEFORE DELETE ON void BEGIN SELECT RAISE(ABORT, 'what is void stays so'); END;

CREATE TABLE signer (id INTEGER PRIMARY KEY, tenant INTEGER NOT NULL REFERENCES tenant, key BLOB NOT NULL, UNIQUE (tenant, key)) STRICT;
CREATE TABLE withdrawal (
    id INTEGER PRIMARY KEY, tenant INTEGER NOT NULL REFERENCES tenant, key BLOB NOT NULL, state INTEGER NOT NULL CHECK (state BETWEEN 1 AND 3),
    since INTEGER NOT NULL, compromised INTEGER
) STRICT;
CREATE TRIGGER withdrawal_is_kept BEFORE DELETE ON withdrawal BEGIN SELECT RAISE(ABORT, 'what became of a key stays so'); END;
CREATE TABLE credential (
    at INTEGER PRIMARY KEY, license INTEGER NOT NULL, kind INTEGER NOT NULL CHECK (kind BETWEEN 0 AND 2),
    cti BLOB NOT NULL UNIQUE CHECK (length(cti) = 16), digest BLOB NOT NULL CHECK (length(digest) = 32), signer INTEGER NOT NULL,
    nbf INTEGER NOT NULL, iat INTEGER NOT NULL, exp INTEGER, record INTEGER NOT NULL,
    state INTEGER NOT NULL CHECK (state BETWEEN 0 AND 6), since INTEGER NOT NULL, successor INTEGER
) STRICT;
CREATE INDEX credential_other ON credential (license) WHERE kind <> 0;
CREATE INDEX credential_listed ON credential (at, state) WHERE state <> 0;
CREATE TRIGGER credential_is_kept BEFORE DELETE ON credential BEGIN SELECT RAISE(ABORT, 'a credential is never removed'); END;
CREATE TRIGGER credential_stays_irreversible BEFORE UPDATE OF state ON credential
    WHEN OLD.state IN (1, 3, 4, 5) AND NEW.state IN (0, 2, 6)
    BEGIN SELECT RAISE(ABORT, 'an irreversible state is not taken back'); END;

CREATE TABLE content (
    at INTEGER PRIMARY KEY, tenant INTEGER NOT NULL, type TEXT NOT NULL, number TEXT NOT NULL, version INTEGER NOT NULL,
    kind INTEGER NOT NULL, bytes BLOB NOT NULL
) STRICT;
CREATE UNIQUE INDEX content_name ON content (number, type, version, tenant) WHERE kind = 0;

CREATE TABLE publication (
    list INTEGER NOT NULL REFERENCES list, epoch INTEGER NOT NULL, seq INTEGER NOT NULL, issued INTEGER NOT NULL, length INTEGER NOT NULL, records INTEGER NOT NULL,
    digest BLOB NOT NULL CHECK (length(digest) = 32), PRIMARY KEY (list, epoch, seq)
) STRICT, WITHOUT ROWID;
CREATE TABLE operator (key BLOB PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT, WITHOUT ROWID;
";

/// Seals. Their rows in `credential` are of kind 0; what is a seal stands here.
const SECOND: &str = "
CREATE TABLE seal (
    at INTEGER PRIMARY KEY, tenant INTEGER NOT NULL, code TEXT NOT NULL, making INTEGER NOT NULL CHECK (making BETWEEN 1 AND 65535),
    owner TEXT NOT NULL, name TEXT NOT NULL, bytes BLOB NOT NULL, UNIQUE (tenant, code, making)
) STRICT;
CREATE INDEX seal_owner ON seal (owner, tenant);
CREATE TRIGGER seal_is_kept BEFORE DELETE ON seal BEGIN SELECT RAISE(ABORT, 'a seal is never removed'); END;
CREATE TRIGGER seal_stays BEFORE UPDATE ON seal BEGIN SELECT RAISE(ABORT, 'what a seal says stays so'); END;
";

/// Lets a register that is only looked at, and was written before the second step, be read as one without seals.
pub(super) fn look_as_new(connection: &Connection, version: i32) -> rusqlite::Result<()> {
    if version != 1 {
        return Ok(());
    }
    connection.execute_batch(
        "PRAGMA temp_store = MEMORY; CREATE TEMP TABLE seal (at INTEGER PRIMARY KEY, tenant, code, making, owner, name, bytes)",
    )
}

/// Takes the steps that are missing, in one transaction.
pub(super) fn migrate(connection: &mut Connection) -> rusqlite::Result<()> {
    let transaction = connection.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
    // Asked again, now that nobody else can be taking them.
    let done: i32 = transaction.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    let missing = STEPS.iter().skip(usize::try_from(done).unwrap_or(usize::MAX));
    for step in missing {
        transaction.execute_batch(step)?;
    }
    if done < version() {
        transaction.pragma_update(None, "application_id", APPLICATION)?;
        transaction.pragma_update(None, "user_version", version())?;
    }
    transaction.commit()
}
