//! Values as columns hold them.

use rusqlite::Row;
use rusqlite::types::{FromSql, FromSqlError, FromSqlResult, ValueRef};

use crate::claims::id::{CreditCode, SealCode, TypeCode};
use crate::register::record::Kind;
use crate::status::State;
use crate::suite::PublicKey;
use crate::time::Timestamp;
use crate::trust::HistoryState;

/// A value that only this program writes, and that is not one it would write.
pub(super) struct As<T>(T);

impl<const N: usize> FromSql for As<[u8; N]> {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        value.as_blob()?.try_into().map(Self).map_err(|_| FromSqlError::InvalidType)
    }
}

impl FromSql for As<Timestamp> {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        Timestamp::new(value.as_i64()?).map(Self).ok_or(FromSqlError::InvalidType)
    }
}

impl FromSql for As<CreditCode> {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        CreditCode::parse(value.as_str()?).map(Self).map_err(|_| FromSqlError::InvalidType)
    }
}

impl FromSql for As<TypeCode> {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        TypeCode::parse(value.as_str()?).map(Self).map_err(|_| FromSqlError::InvalidType)
    }
}

impl FromSql for As<SealCode> {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        SealCode::parse(value.as_str()?).map(Self).map_err(|_| FromSqlError::InvalidType)
    }
}

impl FromSql for As<State> {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        let number = u8::try_from(value.as_i64()?).ok();
        number.and_then(State::from_number).map(Self).ok_or(FromSqlError::InvalidType)
    }
}

impl FromSql for As<HistoryState> {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        let number = value.as_i64()?;
        let states = [HistoryState::Retired, HistoryState::Withdrawn, HistoryState::Compromised];
        let known = states.into_iter().find(|state| i64::from(state.number()) == number);
        known.map(Self).ok_or(FromSqlError::InvalidType)
    }
}

impl FromSql for As<Kind> {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        let number = u8::try_from(value.as_i64()?).ok();
        number.and_then(Kind::from_number).map(Self).ok_or(FromSqlError::InvalidType)
    }
}

impl FromSql for As<u64> {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        u64::try_from(value.as_i64()?).map(Self).map_err(|_| FromSqlError::InvalidType)
    }
}

impl FromSql for As<PublicKey> {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        PublicKey::from_spki(value.as_blob()?).map(Self).map_err(|_| FromSqlError::InvalidType)
    }
}

pub(super) fn get<T>(row: &Row<'_>, column: usize) -> rusqlite::Result<T>
where
    As<T>: FromSql,
{
    row.get::<_, As<T>>(column).map(|value| value.0)
}

pub(super) fn get_optional<T>(row: &Row<'_>, column: usize) -> rusqlite::Result<Option<T>>
where
    As<T>: FromSql,
{
    row.get::<_, Option<As<T>>>(column).map(|value| value.map(|value| value.0))
}
