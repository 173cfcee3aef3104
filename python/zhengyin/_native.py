"""The shared library: where it is, and the functions of ``zhengyin.h`` that are called, with their types."""

from __future__ import annotations

import ctypes
import os
import sys
from ctypes import POINTER, c_char_p, c_int32, c_int64, c_size_t, c_uint32, c_uint64, c_void_p
from pathlib import Path

ABI_VERSION = 1


class Question(ctypes.Structure):
    """``zy_question``."""

    _fields_ = [
        ("struct_size", c_uint32),
        ("has", c_uint32),
        ("event_time", c_int64),
        ("known_as_of", c_int64),
        ("purpose", c_char_p),
        ("audience", c_char_p),
        ("use_case", c_char_p),
        ("challenge", c_char_p),
        ("challenge_size", c_size_t),
        ("seen", c_void_p),
        ("document", c_char_p),
        ("document_size", c_size_t),
        ("document_digest", c_char_p),
        ("document_digest_size", c_size_t),
        ("document_sm3", c_char_p),
        ("document_sm3_size", c_size_t),
        ("license_type", c_char_p),
        ("seals", c_char_p),
        ("seals_size", c_size_t),
    ]


class Answer(ctypes.Structure):
    """``zy_answer``."""

    _fields_ = [
        ("struct_size", c_uint32),
        ("answer", c_uint32),
        ("kind", c_uint32),
        ("reason", c_uint32),
        ("seq", c_uint64),
    ]


class StepOutcome(ctypes.Structure):
    """``zy_outcome``."""

    _fields_ = [
        ("struct_size", c_uint32),
        ("outcome", c_uint32),
        ("reason", c_uint32),
        ("blocked_by", c_uint32),
    ]


class Carried(ctypes.Structure):
    """``zy_carried``."""

    _fields_ = [
        ("struct_size", c_uint32),
        ("carrier", c_uint32),
        ("form", c_uint32),
        ("parts", c_uint32),
        ("repaired", c_uint32),
        ("reserved", c_uint32),
    ]


class Credential(ctypes.Structure):
    """``zy_credential``."""

    _fields_ = [
        ("struct_size", c_uint32),
        ("reserved", c_uint32),
        ("issued_at", c_int64),
        ("not_before", c_int64),
        ("expires", c_int64),
        ("status_list", c_uint64),
        ("status_index", c_uint64),
        ("issuer", c_char_p),
        ("id", c_char_p),
        ("id_size", c_size_t),
        ("holder_key", c_char_p),
        ("holder_key_size", c_size_t),
    ]


class Showing(ctypes.Structure):
    """``zy_showing``."""

    _fields_ = [
        ("struct_size", c_uint32),
        ("reserved", c_uint32),
        ("issued_at", c_int64),
        ("audience", c_char_p),
        ("purpose", c_char_p),
        ("service", c_char_p),
        ("challenge", c_char_p),
        ("challenge_size", c_size_t),
    ]


class SealFacts(ctypes.Structure):
    """``zy_seal_facts``."""

    _fields_ = [
        ("struct_size", c_uint32),
        ("kind", c_uint32),
        ("width_mm", c_uint32),
        ("height_mm", c_uint32),
        ("issued_at", c_int64),
        ("valid_from", c_int64),
        ("valid_until", c_int64),
        ("status_list", c_uint64),
        ("status_index", c_uint64),
        ("maker", c_char_p),
        ("code", c_char_p),
        ("name", c_char_p),
        ("owner", c_char_p),
        ("owner_name", c_char_p),
        ("allowed", c_char_p),
        ("picture", c_char_p),
        ("picture_size", c_size_t),
        ("signers", c_char_p),
        ("signers_size", c_size_t),
        ("id", c_char_p),
        ("id_size", c_size_t),
    ]


class Stamping(ctypes.Structure):
    """``zy_stamping``."""

    _fields_ = [
        ("struct_size", c_uint32),
        ("has", c_uint32),
        ("stamped_at", c_int64),
        ("page", c_uint64),
        ("x_mm", c_uint64),
        ("y_mm", c_uint64),
        ("id", c_char_p),
        ("id_size", c_size_t),
        ("document", c_char_p),
        ("document_size", c_size_t),
        ("document_digest", c_char_p),
        ("document_digest_size", c_size_t),
        ("stamp_digest", c_char_p),
        ("stamp_digest_size", c_size_t),
        ("media_type", c_char_p),
        ("reason", c_char_p),
        ("file", c_char_p),
        ("file_size", c_size_t),
    ]


ReadBody = ctypes.CFUNCTYPE(c_size_t, c_void_p, c_char_p, c_void_p, c_size_t)
Sign = ctypes.CFUNCTYPE(c_int32, c_void_p, c_void_p, c_size_t, c_void_p, c_size_t)

_OUT = POINTER(c_void_p)
_STATUS = c_uint32
_FREE = (None, [c_void_p])

# Name: result, arguments. What belongs to issuing is there only in a library that was built with it.
_FUNCTIONS = {
    "zy_abi_version": (c_uint32, []),
    "zy_version": (c_char_p, []),
    "zy_features": (c_uint32, []),
    "zy_status_text": (c_char_p, [c_uint32, c_uint32]),
    "zy_reason_symbol": (c_char_p, [c_uint32]),
    "zy_reason_text": (c_char_p, [c_uint32, c_uint32, c_uint32]),
    "zy_error_status": (c_uint32, [c_void_p]),
    "zy_error_reason": (c_uint32, [c_void_p]),
    "zy_error_message": (c_char_p, [c_void_p, c_uint32]),
    "zy_error_free": _FREE,
    "zy_buffer_data": (c_void_p, [c_void_p]),
    "zy_buffer_size": (c_size_t, [c_void_p]),
    "zy_buffer_free": _FREE,
    "zy_store_new": (_STATUS, [c_char_p, _OUT, _OUT]),
    "zy_store_from_bytes": (_STATUS, [c_char_p, c_size_t, ReadBody, c_void_p, _OUT, _OUT]),
    "zy_store_to_bytes": (_STATUS, [c_void_p, _OUT, _OUT]),
    "zy_store_apply": (_STATUS, [c_void_p, c_char_p, c_size_t, c_int64, c_uint32, _OUT, _OUT, _OUT]),
    "zy_store_apply_object": (_STATUS, [c_void_p, c_char_p, c_size_t, c_int64, c_uint32, _OUT, _OUT, _OUT]),
    "zy_store_json": (_STATUS, [c_void_p, _OUT, _OUT]),
    "zy_store_free": _FREE,
    "zy_answers_count": (c_size_t, [c_void_p]),
    "zy_answers_get": (_STATUS, [c_void_p, c_size_t, POINTER(Answer), _OUT]),
    "zy_answers_free": _FREE,
    "zy_policy_new": (_STATUS, [c_char_p, c_char_p, _OUT, _OUT]),
    "zy_policy_skip": (_STATUS, [c_void_p, c_uint32, _OUT]),
    "zy_policy_limit_grace": (_STATUS, [c_void_p, c_char_p, c_uint64, c_uint64, c_uint64, _OUT]),
    "zy_policy_set_risk_class": (_STATUS, [c_void_p, c_char_p, c_char_p, _OUT]),
    "zy_policy_limit_status_age": (_STATUS, [c_void_p, c_uint64, _OUT]),
    "zy_policy_accept_suites": (_STATUS, [c_void_p, c_uint32, _OUT]),
    "zy_policy_free": _FREE,
    "zy_seen_new": (_STATUS, [_OUT, _OUT]),
    "zy_seen_remember": (_STATUS, [c_void_p, c_void_p, _OUT]),
    "zy_seen_add": (_STATUS, [c_void_p, c_char_p, c_size_t, c_int64, _OUT]),
    "zy_seen_forget": (_STATUS, [c_void_p, c_int64, _OUT]),
    "zy_seen_free": _FREE,
    "zy_verifier_new": (_STATUS, [c_void_p, c_void_p, _OUT, _OUT]),
    "zy_verifier_replace_store": (_STATUS, [c_void_p, c_void_p, _OUT]),
    "zy_verifier_free": _FREE,
    "zy_verify": (_STATUS, [c_void_p, c_char_p, c_size_t, c_int64, c_uint32, POINTER(Question), _OUT, _OUT]),
    "zy_verify_text": (_STATUS, [c_void_p, c_char_p, c_size_t, c_int64, c_uint32, POINTER(Question), _OUT, _OUT]),
    "zy_verify_stamps": (
        _STATUS,
        [c_void_p, c_char_p, c_size_t, c_char_p, c_size_t, c_int64, c_uint32, POINTER(Question), _OUT, _OUT],
    ),
    "zy_verify_seal": (_STATUS, [c_void_p, c_char_p, c_size_t, c_int64, c_uint32, POINTER(Question), _OUT, _OUT]),
    "zy_stamps_open": (_STATUS, [c_void_p, c_char_p, c_size_t, c_int64, c_uint32, POINTER(Question), _OUT, _OUT]),
    "zy_stamps_update": (_STATUS, [c_void_p, c_char_p, c_size_t, _OUT]),
    "zy_stamps_finish": (_STATUS, [c_void_p, _OUT, _OUT]),
    "zy_stamps_finish_without_document": (_STATUS, [c_void_p, _OUT, _OUT]),
    "zy_stamps_free": _FREE,
    "zy_report_kind": (c_uint32, [c_void_p]),
    "zy_report_stamps_count": (c_size_t, [c_void_p]),
    "zy_report_stamp": (_STATUS, [c_void_p, c_size_t, _OUT, _OUT]),
    "zy_report_point": (_STATUS, [c_void_p, c_uint32, POINTER(StepOutcome), _OUT]),
    "zy_report_verdict": (c_uint32, [c_void_p]),
    "zy_report_exit_code": (c_uint32, [c_void_p]),
    "zy_report_reason": (c_uint32, [c_void_p]),
    "zy_report_deciding_step": (c_uint32, [c_void_p]),
    "zy_report_step": (_STATUS, [c_void_p, c_uint32, POINTER(StepOutcome), _OUT]),
    "zy_report_good_until": (c_int64, [c_void_p]),
    "zy_report_result_code": (c_uint32, [c_void_p]),
    "zy_report_json": (_STATUS, [c_void_p, c_uint32, _OUT, _OUT]),
    "zy_report_cbor": (_STATUS, [c_void_p, c_uint32, _OUT, _OUT]),
    "zy_report_free": _FREE,
    "zy_inspect": (_STATUS, [c_char_p, c_size_t, _OUT, _OUT]),
    "zy_carrier_decode": (
        _STATUS,
        [POINTER(c_char_p), POINTER(c_size_t), c_size_t, POINTER(Carried), _OUT, _OUT],
    ),
    "zy_carrier_encode": (_STATUS, [c_char_p, c_size_t, c_uint32, _OUT, _OUT]),
    "zy_receipt_replay": (
        _STATUS,
        [
            c_char_p,
            c_size_t,
            POINTER(c_char_p),
            POINTER(c_size_t),
            c_size_t,
            c_void_p,
            c_char_p,
            c_size_t,
            POINTER(c_uint32),
            _OUT,
            _OUT,
        ],
    ),
}
_ISSUING = {
    "zy_signer_new": (_STATUS, [c_char_p, c_size_t, Sign, c_void_p, _OUT, _OUT]),
    "zy_signer_from_pem": (_STATUS, [c_char_p, c_size_t, c_char_p, c_size_t, _OUT, _OUT]),
    "zy_signer_public_key": (_STATUS, [c_void_p, _OUT, _OUT]),
    "zy_signer_free": _FREE,
    "zy_license_issue": (_STATUS, [c_void_p, c_char_p, c_size_t, POINTER(Credential), c_void_p, _OUT, _OUT]),
    "zy_license_show": (_STATUS, [c_void_p, c_char_p, c_size_t, POINTER(Showing), _OUT, _OUT]),
    "zy_seal_make": (_STATUS, [c_void_p, POINTER(SealFacts), c_void_p, _OUT, _OUT]),
    "zy_stamp_make": (_STATUS, [c_void_p, c_char_p, c_size_t, POINTER(Stamping), c_void_p, _OUT, _OUT]),
    "zy_receipt_sign": (_STATUS, [c_void_p, c_void_p, c_uint32, _OUT, _OUT]),
}


def _find() -> str:
    """The library that came with the package, else the one that is named, else the one that is installed."""
    named = os.environ.get("ZHENGYIN_LIBRARY")
    if named:
        return named
    name = {"win32": "zhengyin.dll", "darwin": "libzhengyin.dylib"}.get(sys.platform, "libzhengyin.so")
    beside = Path(__file__).with_name(name)
    if beside.exists():
        return str(beside)
    return name if sys.platform in ("win32", "darwin") else f"{name}.{ABI_VERSION}"


def _load() -> ctypes.CDLL:
    library = ctypes.CDLL(_find())
    functions = dict(_FUNCTIONS)
    library.zy_abi_version.restype = c_uint32
    found = library.zy_abi_version()
    if found != ABI_VERSION:
        raise ImportError(f"{library._name} has version {found} of the interface, and this package needs {ABI_VERSION}")
    library.zy_features.restype = c_uint32
    if library.zy_features() & 1:
        functions.update(_ISSUING)
    for name, (result, arguments) in functions.items():
        function = getattr(library, name)
        function.restype = result
        function.argtypes = arguments
    return library


lib = _load()
NAMES = (*_FUNCTIONS, *_ISSUING)
