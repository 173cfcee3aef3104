"""Verifies electronic licenses (电子证照) and stamps of electronic seals (电子印章) offline.

>>> import zhengyin
>>> store = zhengyin.Store.from_bytes(open("trust.store", "rb").read())  # doctest: +SKIP
>>> report = zhengyin.verify(open("license.zyl", "rb").read(), store, region="990100")  # doctest: +SKIP
>>> report.verdict  # doctest: +SKIP
<Verdict.VALID: 1>

A bad license is an answer, not an exception: ask ``report.verdict``. Exceptions (:class:`Error`) are for a caller's own mistakes. Nothing is read
but what is handed in, and the system's clock where no time is told.

A document with stamps, however large:

>>> report = zhengyin.verify_stamps("decision.pdf", open("decision.zys", "rb").read(), store)  # doctest: +SKIP
>>> [stamp.verdict.name for stamp in report.stamps]  # doctest: +SKIP
['VALID']

Stores, verifiers, reports and :class:`Seen` may be used by any number of threads; a :class:`Policy`, a :class:`StampStream` and a :class:`Signer` by
one at a time.
"""

from __future__ import annotations

import ctypes
import enum
import json
import os
from typing import Any, BinaryIO, Callable, Mapping, NamedTuple, Optional, Sequence, Union

from ._native import Answer as _Answer
from ._native import Carried as _Carried
from ._native import Credential as _Credential
from ._native import Question as _Question
from ._native import ReadBody as _ReadBody
from ._native import SealFacts as _SealFacts
from ._native import Showing as _Showing
from ._native import Sign as _Sign
from ._native import Stamping as _Stamping
from ._native import StepOutcome as _StepOutcome
from ._native import lib as _lib

__all__ = [
    "ABI_VERSION",
    "Accepted",
    "Carrier",
    "Decoded",
    "EXACTLY",
    "Error",
    "FinishedError",
    "InternalError",
    "Kind",
    "NO_CLOCK",
    "NotPossible",
    "Outcome",
    "Point",
    "Policy",
    "Reason",
    "RefusedError",
    "Report",
    "Seen",
    "Signer",
    "SignerError",
    "StampStream",
    "Step",
    "StepResult",
    "Store",
    "Suite",
    "Verdict",
    "Verifier",
    "can_issue",
    "decode",
    "encode",
    "inspect",
    "issue_license",
    "make_seal",
    "replay",
    "show_license",
    "sign_receipt",
    "stamp",
    "verify",
    "verify_stamps",
    "version",
]

ABI_VERSION: int = _lib.zy_abi_version()

NO_CLOCK = -2
"""In place of the time: there is no clock, or none that is believed."""

EXACTLY = 0xFFFF_FFFF
"""In place of the uncertainty, for :meth:`Store.apply`: it is exactly that time, whatever the store proves to be past."""

_SYSTEM = -1
_NEVER = 2**63 - 1
_USUAL = 120
_byref = ctypes.byref


class Verdict(enum.IntEnum):
    """What a report comes to. Anything but :attr:`VALID` is not to be relied on."""

    UNDETERMINED = 0
    """It cannot be told; the report says what would tell."""
    VALID = 1
    """Genuine, in force, recognised here, and rightly presented."""
    INVALID = 2
    """Proved otherwise."""


class Step(enum.IntEnum):
    """A question of the procedure, in its order."""

    ENCODING = 1
    ISSUER = 2
    SIGNATURE = 3
    PERIOD = 4
    STATUS = 5
    RECOGNITION = 6
    PRESENTATION = 7
    DOCUMENT = 8
    SEAL = 9


class Kind(enum.IntEnum):
    """Of what a report is."""

    LICENSE = 1
    SEAL = 2
    STAMP = 3
    STAMPS = 4


class Suite(enum.IntEnum):
    """A signature algorithm with its hash."""

    ED25519 = 1
    SM2 = 2


class Point(enum.IntEnum):
    """A point of the seal that a stamp was made with: all of them together are :attr:`Step.SEAL`."""

    PRESENT = 1
    ENCODING = 2
    MAKER = 3
    SIGNATURE = 4
    OWNER = 5
    KEY = 6
    VALIDITY = 7
    KIND = 8


class Outcome(enum.IntEnum):
    """What a step came to."""

    NOT_ASKED = 0
    PASSED = 1
    FAILED = 2
    UNKNOWN = 3


class Carrier(enum.IntEnum):
    """A form of text that carries bytes."""

    DIGITS = 1
    BASE45 = 2
    BLOCK = 3


class Reason(NamedTuple):
    """A ground: of a verdict, a step, or a refusal."""

    number: int

    @property
    def symbol(self) -> str:
        """Its name in JSON and documents, such as ``status.revoked``."""
        return _text(_lib.zy_reason_symbol(self.number))

    def text(self, language: str = "zh") -> str:
        """What is wrong, in ``zh`` or ``en``."""
        return self._text(1, language)

    def remedy(self, language: str = "zh") -> str:
        """What to do next; may be empty."""
        return self._text(2, language)

    def caution(self, language: str = "zh") -> str:
        """What must not be concluded from it; may be empty."""
        return self._text(3, language)

    def _text(self, what: int, language: str) -> str:
        return _text(_lib.zy_reason_text(self.number, what, _LANGUAGES[language]))

    def __str__(self) -> str:
        return self.symbol


_LANGUAGES = {"zh": 1, "en": 2}


class StepResult(NamedTuple):
    """What a step came to, on which ground, and which earlier step kept it from running."""

    outcome: Outcome
    reason: Optional[Reason]
    blocked_by: Optional[Step]


class Accepted(NamedTuple):
    """What became of one object that was offered to a store."""

    answer: str
    """``new``, ``known`` or ``refused``."""
    kind: Optional[str]
    """``trust-list``, ``directory`` or ``status-list``, where it could be told."""
    seq: int
    """Its sequence number; 0 where that could not be read."""
    reason: Optional[Reason]
    """Why it is refused."""


class Decoded(NamedTuple):
    """What texts carried, and how. It is not believed: verify it."""

    data: bytes
    carrier: Carrier
    form: int
    parts: int
    repaired: tuple[str, ...]


class Error(Exception):
    """A call that did not work: a caller's mistake, or content that is not what the function takes."""

    def __init__(self, status: int, reason: Optional[Reason], message_en: str, message_zh: str) -> None:
        super().__init__(message_en)
        self.status = status
        self.reason = reason
        self.message_en = message_en
        self.message_zh = message_zh


class RefusedError(Error):
    """Bytes or a text that are not what the function takes; ``reason`` says why."""


class SignerError(Error):
    """The signer gave no signature."""


class FinishedError(Error):
    """A stream of stamps has given its report already."""


class InternalError(Error):
    """A fault of the library."""


class NotPossible(RuntimeError):
    """The library was built without the functions that issue."""


def _text(raw: Optional[bytes]) -> str:
    return "" if raw is None else raw.decode()


def _check(status: int, error: ctypes.c_void_p) -> None:
    if status == 0:
        return
    try:
        number = _lib.zy_error_reason(error)
        reason = Reason(number) if number else None
        en, zh = (_text(_lib.zy_error_message(error, language)) for language in (2, 1))
    finally:
        _lib.zy_error_free(error)
    kind = {8: RefusedError, 9: SignerError, 11: FinishedError, 99: InternalError}.get(status, Error)
    raise kind(status, reason, en, zh)


def _call(function: Any, *arguments: Any) -> None:
    """Calls a function whose last parameter is the error."""
    error = ctypes.c_void_p()
    status = function(*arguments, _byref(error))
    if status:
        _check(status, error)


def _made(function: Any, *arguments: Any) -> ctypes.c_void_p:
    """Calls a function that makes one handle, and hands it out."""
    handle, error = ctypes.c_void_p(), ctypes.c_void_p()
    status = function(*arguments, _byref(handle), _byref(error))
    if status:
        _check(status, error)
    return handle


def _bytes(function: Any, *arguments: Any) -> bytes:
    """Calls a function that makes a buffer, and copies what is in it."""
    buffer = _made(function, *arguments)
    try:
        return ctypes.string_at(_lib.zy_buffer_data(buffer), _lib.zy_buffer_size(buffer))
    finally:
        _lib.zy_buffer_free(buffer)


def _encoded(text: Optional[str]) -> Optional[bytes]:
    if text is None:
        return None
    if "\0" in text:
        raise ValueError("a text holds NUL")
    return text.encode()


def _array(items: Sequence[bytes]) -> tuple[Any, Any, int]:
    count = len(items)
    return (ctypes.c_char_p * count)(*items), (ctypes.c_size_t * count)(*map(len, items)), count


class _Handle:
    """Something of the library's, freed when nobody uses it any more."""

    __slots__ = ("_handle", "__weakref__")
    _free: Any = None

    def __init__(self, handle: ctypes.c_void_p) -> None:
        self._handle = handle

    def __del__(self) -> None:
        handle = getattr(self, "_handle", None)
        if handle is not None and self._free is not None:
            self._handle = None
            self._free(handle)


class Store(_Handle):
    """What a verifier holds: trust data of one federation. It never changes; :meth:`apply` makes a new one."""

    __slots__ = ()
    _free = _lib.zy_store_free

    @classmethod
    def empty(cls, pin: str) -> Store:
        """A store that will believe the federation of the pin (64 hexadecimal digits, from a person you trust) and no other."""
        return cls(_made(_lib.zy_store_new, _encoded(pin)))

    @classmethod
    def from_bytes(cls, data: bytes, read_body: Optional[Callable[[str], Optional[bytes]]] = None) -> Store:
        """Reads a store back and verifies everything in it again.

        ``read_body`` gives the content of ``trust.store.lists/NAME`` for a name, where large status lists stand in files beside the store.
        """

        def found(_: Any, root: bytes, into: int, size: int) -> int:
            try:
                body = read_body(root.decode()) if read_body else None
            except Exception:  # there is no way through C for it
                return 0
            if body is None or len(body) != size:
                return 0
            ctypes.memmove(into, body, size)
            return size

        callback = _ReadBody(found) if read_body else _ReadBody()
        return cls(_made(_lib.zy_store_from_bytes, data, len(data), callback, None))

    def to_bytes(self) -> bytes:
        """The store whole, to be kept in a file."""
        return _bytes(_lib.zy_store_to_bytes, self._handle)

    def apply(self, pack: bytes, now: Optional[int] = None, uncertainty: int = _USUAL) -> tuple[Store, list[Accepted]]:
        """Offers the objects of a pack: a new store, and what became of each object.

        Keep the new store even where everything was refused: it may hold evidence of an attack.
        """
        return self._offer(_lib.zy_store_apply, pack, now, uncertainty)

    def apply_object(
        self, object: bytes, now: Optional[int] = None, uncertainty: int = _USUAL
    ) -> tuple[Store, list[Accepted]]:
        """Offers one object, and nothing but it: what follows it in the same bytes is a reason to refuse it."""
        return self._offer(_lib.zy_store_apply_object, object, now, uncertainty)

    def _offer(
        self, function: Any, data: bytes, now: Optional[int], uncertainty: int
    ) -> tuple[Store, list[Accepted]]:
        updated, answers, error = ctypes.c_void_p(), ctypes.c_void_p(), ctypes.c_void_p()
        status = function(
            self._handle, data, len(data), _time(now), uncertainty, _byref(updated), _byref(answers), _byref(error)
        )
        _check(status, error)
        store = Store(updated)
        try:
            return store, [_accepted(answers, at) for at in range(_lib.zy_answers_count(answers))]
        finally:
            _lib.zy_answers_free(answers)

    def held(self) -> dict[str, Any]:
        """What is held: objects with their numbers, digests and dates, and evidence."""
        return json.loads(_bytes(_lib.zy_store_json, self._handle))


def _accepted(answers: ctypes.c_void_p, index: int) -> Accepted:
    answer = _Answer(struct_size=ctypes.sizeof(_Answer))
    _call(_lib.zy_answers_get, answers, index, _byref(answer))
    kinds = {1: "trust-list", 2: "directory", 3: "status-list"}
    word = {1: "new", 2: "known"}.get(answer.answer, "refused")
    return Accepted(word, kinds.get(answer.kind), answer.seq, Reason(answer.reason) if answer.reason else None)


class Policy(_Handle):
    """What a verifier asks for. One thread at a time; a verifier copies it."""

    __slots__ = ()
    _free = _lib.zy_policy_free

    def __init__(self, name: str = "counter", region: Optional[str] = None) -> None:
        """``counter``, ``kiosk``, ``archive`` or ``strict``; ``region`` is where the verifier stands, six digits."""
        super().__init__(_made(_lib.zy_policy_new, _encoded(name), _encoded(region)))

    def skip(self, step: Step) -> Policy:
        """Says that recognition or presentation is not to be asked."""
        _call(_lib.zy_policy_skip, self._handle, int(step))
        return self

    def limit_grace(self, risk_class: str, trust_list: int, directory: int, status_list: int) -> Policy:
        """Bounds how long lists may be overdue for licenses of a risk class, in seconds."""
        _call(_lib.zy_policy_limit_grace, self._handle, _encoded(risk_class), trust_list, directory, status_list)
        return self

    def set_risk_class(self, type_prefix: str, risk_class: str) -> Policy:
        """Puts license types into a risk class, by the beginning of their code."""
        _call(_lib.zy_policy_set_risk_class, self._handle, _encoded(type_prefix), _encoded(risk_class))
        return self

    def limit_status_age(self, seconds: int) -> Policy:
        """Relies on no status list that was issued longer ago."""
        _call(_lib.zy_policy_limit_status_age, self._handle, seconds)
        return self

    def accept_suites(self, *suites: Suite) -> Policy:
        """Relies on nothing that rests on a signature by another suite. At least one; a second call accepts what both accept."""
        _call(_lib.zy_policy_accept_suites, self._handle, sum(set(suites)))
        return self


class Seen(_Handle):
    """Presentations that were accepted: each is good once. In memory only."""

    __slots__ = ()
    _free = _lib.zy_seen_free

    def __init__(self) -> None:
        super().__init__(_made(_lib.zy_seen_new))

    def remember(self, report: Report) -> None:
        """Remembers the presentation of a report, if there was one and it was accepted."""
        _call(_lib.zy_seen_remember, self._handle, report._handle)

    def add(self, key: bytes, until: int) -> None:
        """Adds a presentation by its ``replay_key``, to be kept until its ``forget_after``."""
        _call(_lib.zy_seen_add, self._handle, key, len(key), until)

    def forget(self, now: int) -> None:
        """Forgets what may be forgotten by ``now``, the clock's reading less its uncertainty."""
        _call(_lib.zy_seen_forget, self._handle, now)


class Report(_Handle):
    """The answer to a verification. It never changes."""

    __slots__ = ()
    _free = _lib.zy_report_free

    @property
    def verdict(self) -> Verdict:
        """Valid, invalid or undetermined."""
        try:
            return Verdict(_lib.zy_report_verdict(self._handle))
        except ValueError:
            return Verdict.UNDETERMINED

    @property
    def exit_code(self) -> int:
        """What the command would exit with: 0, 10 or 20."""
        return _lib.zy_report_exit_code(self._handle)

    @property
    def reason(self) -> Optional[Reason]:
        """The ground that decides, unless it is valid."""
        number = _lib.zy_report_reason(self._handle)
        return Reason(number) if number else None

    @property
    def deciding_step(self) -> Optional[Step]:
        """The step that decides, unless it is valid."""
        number = _lib.zy_report_deciding_step(self._handle)
        return Step(number) if number else None

    @property
    def kind(self) -> Kind:
        """Of what it is a report."""
        return Kind(_lib.zy_report_kind(self._handle))

    @property
    def steps(self) -> dict[Step, StepResult]:
        """Every step and what it came to. :class:`Error` of a file of stamps: each of :attr:`stamps` has its own."""
        return {step: self._outcome(_lib.zy_report_step, step) for step in Step}

    @property
    def stamps(self) -> list[Report]:
        """Of a file of stamps, the report of each; after them those of what is neither stamp nor seal."""
        count = _lib.zy_report_stamps_count(self._handle)
        return [Report(_made(_lib.zy_report_stamp, self._handle, at)) for at in range(count)]

    @property
    def points(self) -> dict[Point, StepResult]:
        """Of one stamp, every point of its seal. :class:`Error` of anything else, and of a stamp that could not be read."""
        return {point: self._outcome(_lib.zy_report_point, point) for point in Point}

    def _outcome(self, function: Any, asked: int) -> StepResult:
        found = _StepOutcome(struct_size=ctypes.sizeof(_StepOutcome))
        _call(function, self._handle, int(asked), _byref(found))
        outcome = Outcome(found.outcome) if found.outcome in iter(Outcome) else Outcome.UNKNOWN
        reason = Reason(found.reason) if found.reason else None
        return StepResult(outcome, reason, Step(found.blocked_by) if found.blocked_by else None)

    @property
    def good_until(self) -> Optional[int]:
        """The earliest second since 1970 at which the verdict could change without new data; ``None`` is never. Of a file of stamps, the
        earliest of its stamps'."""
        until = _lib.zy_report_good_until(self._handle)
        return None if until == _NEVER else until

    @property
    def result_code(self) -> int:
        """The code of GB/T 36906: of a license that of ``verify-info``, of a seal or stamps that of ``verify-file``."""
        return _lib.zy_report_result_code(self._handle)

    def json(self, *, texts: bool = False, redacted: bool = False) -> bytes:
        """The whole report as JSON of schema ``zhengyin.report/1`` (of a file of stamps ``zhengyin.stamps/1``), to the byte as the library writes
        it."""
        return _bytes(_lib.zy_report_json, self._handle, texts | redacted << 1)

    def cbor(self, *, texts: bool = False, redacted: bool = False) -> bytes:
        """The whole report in canonical CBOR."""
        return _bytes(_lib.zy_report_cbor, self._handle, texts | redacted << 1)

    def data(self, *, texts: bool = False, redacted: bool = False) -> dict[str, Any]:
        """The whole report as Python has JSON."""
        return json.loads(self.json(texts=texts, redacted=redacted))

    @property
    def facts(self) -> Optional[dict[str, Any]]:
        """What the license, stamp or seal says, if one with the right to say so said it: whether it is in force is the verdict's. ``None`` of a file
        of stamps, where each has its own."""
        told = self.data().get("object")
        return told["facts"] if told and told["authentic"] else None

    def __repr__(self) -> str:
        return f"<Report {self.verdict.name}{f' {self.reason}' if self.reason else ''}>"


class Verifier(_Handle):
    """A store and a policy. Any number of threads may use one, also while another replaces the store."""

    __slots__ = ()
    _free = _lib.zy_verifier_free

    def __init__(self, store: Store, policy: Optional[Policy] = None) -> None:
        """``policy``: at a counter without a region, where nothing else is said."""
        policy = policy or Policy()
        super().__init__(_made(_lib.zy_verifier_new, store._handle, policy._handle))

    def replace_store(self, store: Store) -> None:
        """Goes on with another store; verifications that have begun end with the one before."""
        _call(_lib.zy_verifier_replace_store, self._handle, store._handle)

    def verify(
        self,
        credential: Union[bytes, str],
        now: Optional[int] = None,
        uncertainty: int = _USUAL,
        *,
        purpose: Optional[str] = None,
        audience: Optional[str] = None,
        use_case: Optional[str] = None,
        challenge: Optional[bytes] = None,
        seen: Optional[Seen] = None,
        event_time: Optional[int] = None,
        known_as_of: Optional[int] = None,
        document: Optional[bytes] = None,
        document_digest: Optional[bytes] = None,
        document_sm3: Optional[bytes] = None,
    ) -> Report:
        """Verifies a license: its bytes, or the text of a scanned code.

        ``now`` is in seconds since 1970, true to within ``uncertainty`` seconds; the system's clock is asked where it is left out, and
        :data:`NO_CLOCK` says that there is none. ``challenge`` is the 16 bytes that were shown to the holder. ``document`` (or its SHA-256, its SM3) is a
        file that was shown beside the license: is it one of those that the license names?
        """
        asked = (purpose, audience, use_case, challenge, seen, event_time, known_as_of, document, document_digest, document_sm3)
        if asked == _NOTHING:
            question = None
        else:
            question = _byref(
                _Question(
                    struct_size=ctypes.sizeof(_Question),
                    has=(event_time is not None) | (known_as_of is not None) << 1 | (document is not None) << 2,
                    event_time=event_time or 0,
                    known_as_of=known_as_of or 0,
                    purpose=_encoded(purpose),
                    audience=_encoded(audience),
                    use_case=_encoded(use_case),
                    challenge=challenge,
                    challenge_size=len(challenge or b""),
                    seen=seen._handle if seen else None,
                    document=document,
                    document_size=len(document or b""),
                    document_digest=document_digest,
                    document_digest_size=len(document_digest or b""),
                    document_sm3=document_sm3,
                    document_sm3_size=len(document_sm3 or b""),
                )
            )
        function = _lib.zy_verify
        if isinstance(credential, str):
            function, credential = _lib.zy_verify_text, credential.encode()
        return Report(_made(function, self._handle, credential, len(credential), _time(now), uncertainty, question))

    def open_stamps(
        self,
        stamps: bytes,
        now: Optional[int] = None,
        uncertainty: int = _USUAL,
        *,
        purpose: Optional[str] = None,
        audience: Optional[str] = None,
        use_case: Optional[str] = None,
        known_as_of: Optional[int] = None,
        license_type: Optional[str] = None,
        seals: bytes = b"",
    ) -> StampStream:
        """Begins to verify a file of stamps (``.zys``) over a document that follows in pieces.

        ``license_type`` is the type of the license that the document belongs to, for seals that may be used on certain types only; ``seals`` are
        seals that are kept apart from the stamps. What else is asked is as in :meth:`verify`.
        """
        question = _stamp_question(purpose, audience, use_case, known_as_of, license_type, seals)
        return StampStream(
            _made(_lib.zy_stamps_open, self._handle, stamps, len(stamps), _time(now), uncertainty, _byref(question))
        )

    def verify_stamps(
        self,
        document: Document,
        stamps: bytes,
        now: Optional[int] = None,
        uncertainty: int = _USUAL,
        **question: Any,
    ) -> Report:
        """Verifies a file of stamps (``.zys``) over a document: a path, a binary file that is open, bytes, or ``None`` where there is no document
        at hand. It is read in pieces, and nothing of it is kept. What else may be asked: :meth:`open_stamps`.
        """
        stream = self.open_stamps(stamps, now, uncertainty, **question)
        if document is None:
            return stream.finish_without_document()
        if isinstance(document, (bytes, bytearray, memoryview)):
            stream.update(bytes(document))
        elif isinstance(document, (str, os.PathLike)):
            with open(document, "rb") as file:
                stream.read(file)
        else:
            stream.read(document)
        return stream.finish()

    def verify_seal(
        self,
        seal: bytes,
        now: Optional[int] = None,
        uncertainty: int = _USUAL,
        *,
        purpose: Optional[str] = None,
        audience: Optional[str] = None,
        known_as_of: Optional[int] = None,
    ) -> Report:
        """Verifies a seal (``.zye``) by itself, as of now: its maker, its validity, its status."""
        question = _stamp_question(purpose, audience, None, known_as_of, None, b"")
        return Report(
            _made(_lib.zy_verify_seal, self._handle, seal, len(seal), _time(now), uncertainty, _byref(question))
        )


def _stamp_question(
    purpose: Optional[str],
    audience: Optional[str],
    use_case: Optional[str],
    known_as_of: Optional[int],
    license_type: Optional[str],
    seals: bytes,
) -> _Question:
    return _Question(
        struct_size=ctypes.sizeof(_Question),
        has=(known_as_of is not None) << 1,
        known_as_of=known_as_of or 0,
        purpose=_encoded(purpose),
        audience=_encoded(audience),
        use_case=_encoded(use_case),
        license_type=_encoded(license_type),
        seals=seals,
        seals_size=len(seals),
    )


Document = Union[None, bytes, bytearray, memoryview, str, "os.PathLike[str]", BinaryIO]
"""A document as :meth:`Verifier.verify_stamps` takes it."""

_PIECE = 1 << 18


class StampStream(_Handle):
    """Stamps whose document is still coming, piece by piece. One thread at a time; it gives its report once."""

    __slots__ = ()
    _free = _lib.zy_stamps_free

    def update(self, piece: bytes) -> None:
        """The next piece of the document, as large or small as it comes. It is digested and not kept."""
        _call(_lib.zy_stamps_update, self._handle, piece, len(piece))

    def read(self, file: BinaryIO) -> None:
        """Takes all that is left of a binary file."""
        while piece := file.read(_PIECE):
            self.update(piece)

    def finish(self) -> Report:
        """The document is complete: the report. :class:`FinishedError` where it was given before."""
        return Report(_made(_lib.zy_stamps_finish, self._handle))

    def finish_without_document(self) -> Report:
        """There is no document at hand: whether one is what was stamped stays open."""
        return Report(_made(_lib.zy_stamps_finish_without_document, self._handle))


_NOTHING = (None,) * 10


def _time(now: Optional[int]) -> int:
    return _SYSTEM if now is None else now


def verify(
    credential: Union[bytes, str],
    store: Store,
    *,
    region: Optional[str] = None,
    policy: Union[Policy, str] = "counter",
    now: Optional[int] = None,
    **question: Any,
) -> Report:
    """Verifies one license: its bytes, or the text of a scanned code. For many, make a :class:`Verifier` once.

    ``region`` is where the verifier stands, six digits; without it recognition is undetermined. What else may be asked:
    :meth:`Verifier.verify`.
    """
    asked = policy if isinstance(policy, Policy) else Policy(policy, region)
    return Verifier(store, asked).verify(credential, now, **question)


def verify_stamps(
    document: Document,
    stamps: bytes,
    store: Store,
    *,
    region: Optional[str] = None,
    policy: Union[Policy, str] = "counter",
    now: Optional[int] = None,
    **question: Any,
) -> Report:
    """Verifies a file of stamps (``.zys``) over a document: a path, a binary file that is open, bytes, or ``None`` where there is none at hand.

    The report is of the worst of all stamps; each stamp is in :attr:`Report.stamps`. The document is read in pieces and may be of any size. For
    many, make a :class:`Verifier` once. What else may be asked: :meth:`Verifier.open_stamps`.
    """
    asked = policy if isinstance(policy, Policy) else Policy(policy, region)
    return Verifier(store, asked).verify_stamps(document, stamps, now, **question)


def version() -> str:
    """The library's version."""
    return _text(_lib.zy_version())


def can_issue() -> bool:
    """Was the library built with the functions that issue?"""
    return bool(_lib.zy_features() & 1)


def inspect(data: bytes) -> dict[str, Any]:
    """Shows what bytes say, and verifies NOTHING."""
    return json.loads(_bytes(_lib.zy_inspect, data, len(data)))


_REPAIRS = {1: "white_space", 2: "full_width_digits", 4: "lower_case", 8: "line_ends"}


def decode(texts: Union[str, Sequence[str]]) -> Decoded:
    """Reads a text, or several that belong together, and hands out the bytes that they carry.

    :class:`RefusedError` where they carry nothing; its reason ``carrier.part_missing`` says that more parts are to be scanned.
    """
    items = [text.encode() for text in ([texts] if isinstance(texts, str) else texts)]
    carried = _Carried(struct_size=ctypes.sizeof(_Carried))
    data = _bytes(_lib.zy_carrier_decode, *_array(items), _byref(carried))
    repaired = tuple(name for bit, name in _REPAIRS.items() if carried.repaired & bit)
    return Decoded(data, Carrier(carried.carrier), carried.form, carried.parts, repaired)


def encode(data: bytes, carrier: Carrier = Carrier.DIGITS) -> str:
    """Writes bytes as a text, for a code or a mail."""
    return _bytes(_lib.zy_carrier_encode, data, len(data), int(carrier)).decode()


def replay(
    receipt: bytes,
    evidence: Sequence[bytes] = (),
    store: Optional[Store] = None,
    devices: Sequence[bytes] = (),
) -> tuple[Verdict, dict[str, Any]]:
    """Comes to a receipt's verdict again: is it confirmed, and why (not)?

    ``evidence`` are the license and packs, ``store`` is one's own, ``devices`` are SHA-256 of the SubjectPublicKeyInfo of devices known otherwise.
    """
    found = ctypes.c_uint32()
    known = b"".join(devices)
    told = _bytes(
        _lib.zy_receipt_replay,
        receipt,
        len(receipt),
        *_array(list(evidence)),
        store._handle if store else None,
        known,
        len(known),
        _byref(found),
    )
    return Verdict(found.value), json.loads(told)


class Signer(_Handle):
    """Something that signs with one key: a PEM file's, or a device's. One thread at a time."""

    __slots__ = ("_callback",)
    _free = getattr(_lib, "zy_signer_free", None) if _lib.zy_features() & 1 else None

    @classmethod
    def from_pem(cls, pem: str, passphrase: bytes = b"") -> Signer:
        """A private key in PEM (PKCS #8)."""
        _need_issue()
        raw = pem.encode()
        return cls(_made(_lib.zy_signer_from_pem, raw, len(raw), passphrase, len(passphrase)))

    @classmethod
    def of_device(cls, public_key: bytes, sign: Callable[[bytes], bytes]) -> Signer:
        """A device that signs: ``sign`` gets the message and gives 64 bytes of Ed25519, or raises an exception."""
        _need_issue()

        def signs(_: Any, message: int, size: int, into: int, capacity: int) -> int:
            try:
                signature = sign(ctypes.string_at(message, size))
            except Exception:  # there is no way through C for it
                return -2
            if len(signature) > capacity:
                return -2
            ctypes.memmove(into, signature, len(signature))
            return len(signature)

        callback = _Sign(signs)
        signer = cls(_made(_lib.zy_signer_new, public_key, len(public_key), callback, None))
        signer._callback = callback
        return signer

    @property
    def public_key(self) -> bytes:
        """Its public key: a SubjectPublicKeyInfo in DER."""
        return _bytes(_lib.zy_signer_public_key, self._handle)


def _need_issue() -> None:
    if not can_issue():
        raise NotPossible("this library was built without the feature issue")


def issue_license(
    signer: Signer,
    facts: Union[str, bytes, Mapping[str, Any]],
    *,
    credential_id: bytes,
    issued_at: int,
    status: tuple[int, int],
    expires: Optional[int] = None,
    not_before: Optional[int] = None,
    issuer: Optional[str] = None,
    holder_key: Optional[bytes] = None,
    store: Optional[Store] = None,
) -> bytes:
    """Issues a license by facts in the JSON of ``zhengyin license issue --data``; verified before it is handed out.

    ``credential_id`` is 16 bytes drawn at random, ``status`` the list and the position that your register allotted.
    """
    _need_issue()
    raw = facts if isinstance(facts, bytes) else facts.encode() if isinstance(facts, str) else json.dumps(facts).encode()
    credential = _Credential(
        struct_size=ctypes.sizeof(_Credential),
        issued_at=issued_at,
        not_before=issued_at if not_before is None else not_before,
        expires=expires or 0,
        status_list=status[0],
        status_index=status[1],
        issuer=_encoded(issuer),
        id=credential_id,
        id_size=len(credential_id),
        holder_key=holder_key,
        holder_key_size=len(holder_key or b""),
    )
    held = store._handle if store else None
    return _bytes(_lib.zy_license_issue, signer._handle, raw, len(raw), _byref(credential), held)


def show_license(
    signer: Signer,
    license: bytes,
    *,
    issued_at: int,
    audience: Optional[str] = None,
    purpose: Optional[str] = None,
    service: Optional[str] = None,
    challenge: Optional[bytes] = None,
) -> bytes:
    """Shows a license 亮证: the license and what its holder, or a service in the holder's stead, signs of it."""
    _need_issue()
    showing = _Showing(
        struct_size=ctypes.sizeof(_Showing),
        issued_at=issued_at,
        audience=_encoded(audience),
        purpose=_encoded(purpose),
        service=_encoded(service),
        challenge=challenge,
        challenge_size=len(challenge or b""),
    )
    return _bytes(_lib.zy_license_show, signer._handle, license, len(license), _byref(showing))


def sign_receipt(signer: Signer, report: Report, *, clock: str = "device") -> bytes:
    """Signs a receipt 核验回执 of a report: of a license, a seal, or a file of stamps. ``clock`` is ``device``, ``told`` or ``none``."""
    _need_issue()
    source = {"none": 0, "device": 1, "told": 2}[clock]
    return _bytes(_lib.zy_receipt_sign, signer._handle, report._handle, source)


def make_seal(
    maker: Signer,
    *,
    maker_code: str,
    code: str,
    name: str,
    owner: str,
    owner_name: str,
    picture: bytes,
    millimetres: tuple[int, int],
    signers: Sequence[bytes],
    valid: tuple[int, int],
    issued_at: int,
    seal_id: bytes,
    status: tuple[int, int],
    kind: int = 1,
    allowed: Sequence[str] = (),
    store: Optional[Store] = None,
) -> bytes:
    """Makes a seal 电子印章 (``.zye``), verified before it is handed out.

    ``signers`` are the keys that may stamp, SHA-256 of the SubjectPublicKeyInfo of each; ``valid`` is from when, and until when, it may be used;
    ``seal_id`` is 16 bytes drawn at random, ``status`` the maker's list and the position that your register allotted; ``allowed`` are the media
    types and license types that it may be used on, none for any; ``kind`` is 1 for a unit's and 2 for a person's.
    """
    _need_issue()
    keys = b"".join(signers)
    facts = _SealFacts(
        struct_size=ctypes.sizeof(_SealFacts),
        kind=kind,
        width_mm=millimetres[0],
        height_mm=millimetres[1],
        issued_at=issued_at,
        valid_from=valid[0],
        valid_until=valid[1],
        status_list=status[0],
        status_index=status[1],
        maker=_encoded(maker_code),
        code=_encoded(code),
        name=_encoded(name),
        owner=_encoded(owner),
        owner_name=_encoded(owner_name),
        allowed=_encoded(" ".join(allowed)),
        picture=picture,
        picture_size=len(picture),
        signers=keys,
        signers_size=len(keys),
        id=seal_id,
        id_size=len(seal_id),
    )
    held = store._handle if store else None
    return _bytes(_lib.zy_seal_make, maker._handle, _byref(facts), held)


def stamp(
    signer: Signer,
    seal: bytes,
    *,
    stamp_id: bytes,
    stamped_at: int,
    document: Optional[bytes] = None,
    document_digest: Optional[bytes] = None,
    media_type: Optional[str] = None,
    stamp_digest: Optional[bytes] = None,
    place: Optional[tuple[int, int, int]] = None,
    reason: Optional[str] = None,
    file: bytes = b"",
    store: Optional[Store] = None,
) -> bytes:
    """Stamps 电子签章 a document, or its digest by the hash of the key (SHA-256, or SM3 of one of SM2), or countersigns another stamp by its digest: a file of stamps (``.zys``).

    ``stamp_id`` is 16 bytes drawn at random; ``place`` is page, and millimetres from its left and its top; ``file`` is a file of stamps to which this
    one is added.
    """
    _need_issue()
    page, x, y = place or (0, 0, 0)
    stamping = _Stamping(
        struct_size=ctypes.sizeof(_Stamping),
        has=(document is not None) << 2,
        stamped_at=stamped_at,
        page=page,
        x_mm=x,
        y_mm=y,
        id=stamp_id,
        id_size=len(stamp_id),
        document=document,
        document_size=len(document or b""),
        document_digest=document_digest,
        document_digest_size=len(document_digest or b""),
        stamp_digest=stamp_digest,
        stamp_digest_size=len(stamp_digest or b""),
        media_type=_encoded(media_type),
        reason=_encoded(reason),
        file=file,
        file_size=len(file),
    )
    held = store._handle if store else None
    return _bytes(_lib.zy_stamp_make, signer._handle, seal, len(seal), _byref(stamping), held)
