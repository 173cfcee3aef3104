// The library zhengyin for Node, by koffi (`npm install koffi`). Copy what you need of it.
//
//     const { Store, Policy, Verifier } = require('./zhengyin.js');
//     const store = Store.fromBytes(fs.readFileSync('trust.store'));
//     const report = new Verifier(store, new Policy('counter', '990100')).verify(license);
//     if (report.verdict === 'valid') …
//
// A bad license is an answer, not an exception. Handles are freed when nothing refers to them any more, or at once by free().

'use strict';

const koffi = require('koffi');

const lib = koffi.load(process.env.ZHENGYIN_LIBRARY || 'libzhengyin.so.1');

koffi.struct('zy_question', {
  struct_size: 'uint32_t',
  has: 'uint32_t',
  event_time: 'int64_t',
  known_as_of: 'int64_t',
  purpose: 'const char *',
  audience: 'const char *',
  use_case: 'const char *',
  challenge: 'const uint8_t *',
  challenge_size: 'size_t',
  seen: 'void *',
  document: 'const uint8_t *',
  document_size: 'size_t',
  document_digest: 'const uint8_t *',
  document_digest_size: 'size_t',
  document_sm3: 'const uint8_t *',
  document_sm3_size: 'size_t',
  license_type: 'const char *',
  seals: 'const uint8_t *',
  seals_size: 'size_t',
});
koffi.struct('zy_answer', {
  struct_size: 'uint32_t',
  answer: 'uint32_t',
  kind: 'uint32_t',
  reason: 'uint32_t',
  seq: 'uint64_t',
});
koffi.struct('zy_outcome', {
  struct_size: 'uint32_t',
  outcome: 'uint32_t',
  reason: 'uint32_t',
  blocked_by: 'uint32_t',
});
koffi.struct('zy_carried', {
  struct_size: 'uint32_t',
  carrier: 'uint32_t',
  form: 'uint32_t',
  parts: 'uint32_t',
  repaired: 'uint32_t',
  reserved: 'uint32_t',
});
const ERROR = '_Out_ void **error';
const declare = (declaration) => lib.func(declaration);
const zy = {
  abiVersion: declare('uint32_t zy_abi_version()'),
  version: declare('const char *zy_version()'),
  reasonSymbol: declare('const char *zy_reason_symbol(uint32_t reason)'),
  reasonText: declare('const char *zy_reason_text(uint32_t reason, uint32_t what, uint32_t language)'),
  errorReason: declare('uint32_t zy_error_reason(void *error)'),
  errorMessage: declare('const char *zy_error_message(void *error, uint32_t language)'),
  errorFree: declare('void zy_error_free(void *error)'),
  bufferData: declare('void *zy_buffer_data(void *buffer)'),
  bufferSize: declare('size_t zy_buffer_size(void *buffer)'),
  bufferFree: declare('void zy_buffer_free(void *buffer)'),
  storeNew: declare(`uint32_t zy_store_new(const char *pin, _Out_ void **store, ${ERROR})`),
  storeFromBytes: declare(
    `uint32_t zy_store_from_bytes(const uint8_t *data, size_t size, void *read_body, void *context, _Out_ void **store, ${ERROR})`,
  ),
  storeToBytes: declare(`uint32_t zy_store_to_bytes(void *store, _Out_ void **written, ${ERROR})`),
  storeApply: declare(
    `uint32_t zy_store_apply(void *store, const uint8_t *pack, size_t size, int64_t now, uint32_t uncertainty, _Out_ void **updated, _Out_ void **answers, ${ERROR})`,
  ),
  storeApplyObject: declare(
    `uint32_t zy_store_apply_object(void *store, const uint8_t *object, size_t size, int64_t now, uint32_t uncertainty, _Out_ void **updated, _Out_ void **answers, ${ERROR})`,
  ),
  storeJson: declare(`uint32_t zy_store_json(void *store, _Out_ void **json, ${ERROR})`),
  storeFree: declare('void zy_store_free(void *store)'),
  answersCount: declare('size_t zy_answers_count(void *answers)'),
  answersGet: declare(
    `uint32_t zy_answers_get(void *answers, size_t index, _Inout_ zy_answer *answer, ${ERROR})`,
  ),
  answersFree: declare('void zy_answers_free(void *answers)'),
  policyNew: declare(
    `uint32_t zy_policy_new(const char *name, const char *region, _Out_ void **policy, ${ERROR})`,
  ),
  policySkip: declare(`uint32_t zy_policy_skip(void *policy, uint32_t step, ${ERROR})`),
  policyLimitGrace: declare(
    `uint32_t zy_policy_limit_grace(void *policy, const char *risk_class, uint64_t trust_list, uint64_t directory, uint64_t status_list, ${ERROR})`,
  ),
  policySetRiskClass: declare(
    `uint32_t zy_policy_set_risk_class(void *policy, const char *type_prefix, const char *risk_class, ${ERROR})`,
  ),
  policyLimitStatusAge: declare(`uint32_t zy_policy_limit_status_age(void *policy, uint64_t seconds, ${ERROR})`),
  policyAcceptSuites: declare(`uint32_t zy_policy_accept_suites(void *policy, uint32_t suites, ${ERROR})`),
  policyFree: declare('void zy_policy_free(void *policy)'),
  seenNew: declare(`uint32_t zy_seen_new(_Out_ void **seen, ${ERROR})`),
  seenRemember: declare(`uint32_t zy_seen_remember(void *seen, void *report, ${ERROR})`),
  seenAdd: declare(`uint32_t zy_seen_add(void *seen, const uint8_t *key, size_t size, int64_t until, ${ERROR})`),
  seenForget: declare(`uint32_t zy_seen_forget(void *seen, int64_t now, ${ERROR})`),
  seenFree: declare('void zy_seen_free(void *seen)'),
  verifierNew: declare(`uint32_t zy_verifier_new(void *store, void *policy, _Out_ void **verifier, ${ERROR})`),
  verifierReplaceStore: declare(`uint32_t zy_verifier_replace_store(void *verifier, void *store, ${ERROR})`),
  verifierFree: declare('void zy_verifier_free(void *verifier)'),
  verify: declare(
    `uint32_t zy_verify(void *verifier, const uint8_t *credential, size_t size, int64_t now, uint32_t uncertainty, const zy_question *question, _Out_ void **report, ${ERROR})`,
  ),
  verifyText: declare(
    `uint32_t zy_verify_text(void *verifier, const uint8_t *scanned, size_t size, int64_t now, uint32_t uncertainty, const zy_question *question, _Out_ void **report, ${ERROR})`,
  ),
  verifyStamps: declare(
    `uint32_t zy_verify_stamps(void *verifier, const uint8_t *stamps, size_t size, const uint8_t *document, size_t document_size, int64_t now, uint32_t uncertainty, const zy_question *question, _Out_ void **report, ${ERROR})`,
  ),
  verifySeal: declare(
    `uint32_t zy_verify_seal(void *verifier, const uint8_t *seal, size_t size, int64_t now, uint32_t uncertainty, const zy_question *question, _Out_ void **report, ${ERROR})`,
  ),
  stampsOpen: declare(
    `uint32_t zy_stamps_open(void *verifier, const uint8_t *stamps, size_t size, int64_t now, uint32_t uncertainty, const zy_question *question, _Out_ void **stream, ${ERROR})`,
  ),
  stampsUpdate: declare(`uint32_t zy_stamps_update(void *stamps, const uint8_t *piece, size_t size, ${ERROR})`),
  stampsFinish: declare(`uint32_t zy_stamps_finish(void *stamps, _Out_ void **report, ${ERROR})`),
  stampsFinishWithoutDocument: declare(
    `uint32_t zy_stamps_finish_without_document(void *stamps, _Out_ void **report, ${ERROR})`,
  ),
  stampsFree: declare('void zy_stamps_free(void *stamps)'),
  reportKind: declare('uint32_t zy_report_kind(void *report)'),
  reportExitCode: declare('uint32_t zy_report_exit_code(void *report)'),
  reportStampsCount: declare('size_t zy_report_stamps_count(void *report)'),
  reportStamp: declare(`uint32_t zy_report_stamp(void *report, size_t index, _Out_ void **stamp, ${ERROR})`),
  reportPoint: declare(
    `uint32_t zy_report_point(void *report, uint32_t point, _Inout_ zy_outcome *outcome, ${ERROR})`,
  ),
  reportVerdict: declare('uint32_t zy_report_verdict(void *report)'),
  reportReason: declare('uint32_t zy_report_reason(void *report)'),
  reportDecidingStep: declare('uint32_t zy_report_deciding_step(void *report)'),
  reportStep: declare(
    `uint32_t zy_report_step(void *report, uint32_t step, _Inout_ zy_outcome *outcome, ${ERROR})`,
  ),
  reportGoodUntil: declare('int64_t zy_report_good_until(void *report)'),
  reportJson: declare(`uint32_t zy_report_json(void *report, uint32_t form, _Out_ void **json, ${ERROR})`),
  reportCbor: declare(`uint32_t zy_report_cbor(void *report, uint32_t form, _Out_ void **cbor, ${ERROR})`),
  reportFree: declare('void zy_report_free(void *report)'),
  inspect: declare(`uint32_t zy_inspect(const uint8_t *data, size_t size, _Out_ void **json, ${ERROR})`),
  carrierDecode: declare(
    `uint32_t zy_carrier_decode(const char **texts, const size_t *sizes, size_t count, _Inout_ zy_carried *carried, _Out_ void **decoded, ${ERROR})`,
  ),
  carrierEncode: declare(
    `uint32_t zy_carrier_encode(const uint8_t *data, size_t size, uint32_t carrier, _Out_ void **written, ${ERROR})`,
  ),
};

if (zy.abiVersion() !== 1) throw new Error('libzhengyin is of another interface than this file was written for');

/** In place of the time: there is no clock, or none that is believed. */
const NO_CLOCK = -2;
/** In place of the uncertainty, for a store: it is exactly that time. */
const EXACTLY = 0xffffffff;
const SYSTEM = -1;
const USUAL = 120;
const VERDICTS = ['undetermined', 'valid', 'invalid'];
const STEPS = ['', 'encoding', 'issuer', 'signature', 'period', 'status', 'recognition', 'presentation', 'document', 'seal'];
const KINDS = [null, 'license', 'seal', 'stamp', 'stamps'];
const POINTS = ['', 'present', 'encoding', 'maker', 'signature', 'owner', 'key', 'validity', 'kind'];
const LANGUAGES = { zh: 1, en: 2 };

/** A call that did not work: a caller's mistake, or content that is not what the function takes (then `reason` says why). */
class ZhengyinError extends Error {
  constructor(status, reason, message, messageZh) {
    super(message);
    this.status = status;
    this.reason = reason;
    this.messageZh = messageZh;
  }
}

/** Calls a function whose last parameters are outputs and the error; gives the outputs. */
function call(outputs, fn, ...rest) {
  const outs = Array.from({ length: outputs }, () => [null]);
  const error = [null];
  const status = fn(...rest, ...outs, error);
  if (status !== 0) {
    const [handle] = error;
    const number = zy.errorReason(handle);
    const thrown = new ZhengyinError(
      status,
      number ? new Reason(number) : null,
      zy.errorMessage(handle, LANGUAGES.en) || `status ${status}`,
      zy.errorMessage(handle, LANGUAGES.zh),
    );
    zy.errorFree(handle);
    throw thrown;
  }
  return outs.map(([out]) => out);
}

/** What a buffer holds, copied; the buffer is freed. */
function taken(buffer) {
  try {
    return Buffer.from(new Uint8Array(koffi.view(zy.bufferData(buffer), zy.bufferSize(buffer))));
  } finally {
    zy.bufferFree(buffer);
  }
}

const unused = new FinalizationRegistry(({ handle, free }) => free(handle));

/** Something of the library's. */
class Handle {
  constructor(handle, free) {
    this.handle = handle;
    this.freeHandle = free;
    unused.register(this, { handle, free }, this);
  }

  /** Frees it at once. */
  free() {
    if (this.handle !== null) {
      unused.unregister(this);
      this.freeHandle(this.handle);
      this.handle = null;
    }
  }
}

/** A ground: of a verdict, or of a refusal. */
class Reason {
  constructor(number) {
    this.number = number;
  }

  /** Its name, such as `status.revoked`. */
  get symbol() {
    return zy.reasonSymbol(this.number) || '';
  }

  /** What is wrong, in `zh` or `en`. */
  text(language = 'zh') {
    return zy.reasonText(this.number, 1, LANGUAGES[language]) || '';
  }

  /** What to do next. */
  remedy(language = 'zh') {
    return zy.reasonText(this.number, 2, LANGUAGES[language]) || '';
  }

  /** What must not be concluded from it. */
  caution(language = 'zh') {
    return zy.reasonText(this.number, 3, LANGUAGES[language]) || '';
  }
}

/** What a verifier holds. It never changes: apply() makes a new one. */
class Store extends Handle {
  constructor(handle) {
    super(handle, zy.storeFree);
  }

  /** A store that will believe the federation of the pin, and no other. */
  static empty(pin) {
    return new Store(call(1, zy.storeNew, pin)[0]);
  }

  /** Reads a store back, and verifies everything in it again. */
  static fromBytes(bytes) {
    return new Store(call(1, zy.storeFromBytes, bytes, bytes.length, null, null)[0]);
  }

  toBytes() {
    return taken(call(1, zy.storeToBytes, this.handle)[0]);
  }

  /** Offers the objects of a pack: `{ store, answers }`. Keep the new store even where everything was refused. */
  apply(pack, now = SYSTEM, uncertainty = USUAL) {
    return this.offer(zy.storeApply, pack, now, uncertainty);
  }

  /** Offers one object, and nothing but it. */
  applyObject(object, now = SYSTEM, uncertainty = USUAL) {
    return this.offer(zy.storeApplyObject, object, now, uncertainty);
  }

  offer(fn, bytes, now, uncertainty) {
    const [store, handle] = call(2, fn, this.handle, bytes, bytes.length, now, uncertainty);
    try {
      const answers = Array.from({ length: zy.answersCount(handle) }, (_, at) => {
        const answer = { struct_size: koffi.sizeof('zy_answer') };
        call(0, zy.answersGet, handle, at, answer);
        const word = { 1: 'new', 2: 'known' }[answer.answer] || 'refused';
        return { answer: word, seq: answer.seq, reason: answer.reason ? new Reason(answer.reason) : null };
      });
      return { store: new Store(store), answers };
    } finally {
      zy.answersFree(handle);
    }
  }

  /** What is held, as JSON. */
  json() {
    return taken(call(1, zy.storeJson, this.handle)[0]);
  }
}

/** What a verifier asks for: `counter`, `kiosk`, `archive` or `strict`, in a region. */
class Policy extends Handle {
  constructor(name = 'counter', region = null) {
    super(call(1, zy.policyNew, name, region)[0], zy.policyFree);
  }

  /** Says that `recognition` or `presentation` is not to be asked. */
  skip(step) {
    call(0, zy.policySkip, this.handle, STEPS.indexOf(step));
    return this;
  }

  limitGrace(riskClass, trustList, directory, statusList) {
    call(0, zy.policyLimitGrace, this.handle, riskClass, trustList, directory, statusList);
    return this;
  }

  setRiskClass(typePrefix, riskClass) {
    call(0, zy.policySetRiskClass, this.handle, typePrefix, riskClass);
    return this;
  }

  limitStatusAge(seconds) {
    call(0, zy.policyLimitStatusAge, this.handle, seconds);
    return this;
  }

  // A sum of SUITE_ED25519 and SUITE_SM2: what rests on a signature by another is undetermined.
  acceptSuites(suites) {
    call(0, zy.policyAcceptSuites, this.handle, suites);
    return this;
  }
}

/** Presentations that were accepted: each is good once. */
class Seen extends Handle {
  constructor() {
    super(call(1, zy.seenNew)[0], zy.seenFree);
  }

  remember(report) {
    call(0, zy.seenRemember, this.handle, report.handle);
  }

  add(key, until) {
    call(0, zy.seenAdd, this.handle, key, key.length, until);
  }

  forget(now) {
    call(0, zy.seenForget, this.handle, now);
  }
}

/** The answer to a verification. */
class Report extends Handle {
  constructor(handle) {
    super(handle, zy.reportFree);
  }

  /** `valid`, `invalid` or `undetermined`. */
  get verdict() {
    return VERDICTS[zy.reportVerdict(this.handle)] || 'undetermined';
  }

  /** The ground that decides, unless it is valid. */
  get reason() {
    const number = zy.reportReason(this.handle);
    return number ? new Reason(number) : null;
  }

  /** The name of the step that decides, unless it is valid. */
  get decidingStep() {
    return STEPS[zy.reportDecidingStep(this.handle)] || null;
  }

  /** What a step came to: `{ outcome, reason }`. Of a file of stamps each stamp has its own. */
  step(name) {
    return this.outcome(zy.reportStep, STEPS.indexOf(name));
  }

  /** Of one stamp, what a point of its seal came to: `present`, `encoding`, `maker`, `signature`, `owner`, `key`, `validity`, `kind`. */
  point(name) {
    return this.outcome(zy.reportPoint, POINTS.indexOf(name));
  }

  outcome(fn, asked) {
    const found = { struct_size: koffi.sizeof('zy_outcome') };
    call(0, fn, this.handle, asked, found);
    const outcome = ['not-asked', 'passed', 'failed'][found.outcome] || 'unknown';
    return { outcome, reason: found.reason ? new Reason(found.reason) : null };
  }

  /** Of what it is a report: `license`, `seal`, `stamp` or `stamps`. */
  get kind() {
    return KINDS[zy.reportKind(this.handle)];
  }

  /** Of a file of stamps, the report of each; after them those of what is neither stamp nor seal. */
  stamps() {
    const count = Number(zy.reportStampsCount(this.handle));
    return Array.from({ length: count }, (_, at) => new Report(call(1, zy.reportStamp, this.handle, at)[0]));
  }

  /** What the command `zhengyin` would exit with: 0 valid, 10 invalid, 20 undetermined. */
  get exitCode() {
    return zy.reportExitCode(this.handle);
  }

  /** The earliest second since 1970 at which the verdict could change without new data; null is never. */
  get goodUntil() {
    const until = BigInt(zy.reportGoodUntil(this.handle));
    return until === 0x7fffffffffffffffn ? null : Number(until);
  }

  /** The whole report as JSON, to the byte as the library writes it. */
  json({ texts = false, redacted = false } = {}) {
    return taken(call(1, zy.reportJson, this.handle, Number(texts) | (Number(redacted) << 1))[0]);
  }

  /** The whole report in canonical CBOR. */
  cbor() {
    return taken(call(1, zy.reportCbor, this.handle, 0)[0]);
  }
}

/** A store and a policy. */
class Verifier extends Handle {
  constructor(store, policy = new Policy()) {
    super(call(1, zy.verifierNew, store.handle, policy.handle)[0], zy.verifierFree);
  }

  /** Goes on with another store. */
  replaceStore(store) {
    call(0, zy.verifierReplaceStore, this.handle, store.handle);
  }

  /**
   * Verifies a license: its bytes, or the text of a scanned code. The system's clock is asked where no time is told.
   * `asked` may have purpose, audience, useCase, challenge (16 bytes), seen, eventTime, knownAsOf, document (or documentDigest,
   * its SHA-256, documentSm3).
   */
  verify(credential, asked = {}, now = SYSTEM, uncertainty = USUAL) {
    const fn = typeof credential === 'string' ? zy.verifyText : zy.verify;
    const bytes = Buffer.from(credential);
    return new Report(call(1, fn, this.handle, bytes, bytes.length, now, uncertainty, question(asked))[0]);
  }

  /**
   * Verifies a file of stamps over a document that is at hand whole. `asked` may have purpose, audience, knownAsOf, licenseType (of the license
   * that the document belongs to) and seals (that are kept apart from the stamps).
   */
  verifyStamps(stamps, document, asked = {}, now = SYSTEM, uncertainty = USUAL) {
    const given = [stamps, stamps.length, document, document.length, now, uncertainty, question(asked)];
    return new Report(call(1, zy.verifyStamps, this.handle, ...given)[0]);
  }

  /** Begins to verify a file of stamps over a document that follows in pieces. */
  openStamps(stamps, asked = {}, now = SYSTEM, uncertainty = USUAL) {
    return new StampStream(call(1, zy.stampsOpen, this.handle, stamps, stamps.length, now, uncertainty, question(asked))[0]);
  }

  /** Verifies a seal by itself. */
  verifySeal(seal, asked = {}, now = SYSTEM, uncertainty = USUAL) {
    return new Report(call(1, zy.verifySeal, this.handle, seal, seal.length, now, uncertainty, question(asked))[0]);
  }
}

/** What is asked beyond what is asked always, as `zy_question`. */
function question(asked) {
  const given = (value) => value !== undefined && value !== null;
  const size = (value) => (value ? value.length : 0);
  return {
    struct_size: koffi.sizeof('zy_question'),
    has: Number(given(asked.eventTime)) | (Number(given(asked.knownAsOf)) << 1) | (Number(given(asked.document)) << 2),
    event_time: asked.eventTime ?? 0,
    known_as_of: asked.knownAsOf ?? 0,
    purpose: asked.purpose ?? null,
    audience: asked.audience ?? null,
    use_case: asked.useCase ?? null,
    challenge: asked.challenge ?? null,
    challenge_size: size(asked.challenge),
    seen: asked.seen ? asked.seen.handle : null,
    document: asked.document ?? null,
    document_size: size(asked.document),
    document_digest: asked.documentDigest ?? null,
    document_digest_size: size(asked.documentDigest),
    document_sm3: asked.documentSm3 ?? null,
    document_sm3_size: size(asked.documentSm3),
    license_type: asked.licenseType ?? null,
    seals: asked.seals ?? null,
    seals_size: size(asked.seals),
  };
}

/** Stamps whose document is still coming, piece by piece. It gives its report once. */
class StampStream extends Handle {
  constructor(handle) {
    super(handle, zy.stampsFree);
  }

  /** The next piece of the document, as large or small as it comes. */
  update(piece) {
    call(0, zy.stampsUpdate, this.handle, piece, piece.length);
    return this;
  }

  /** Takes all of a readable stream. */
  async read(stream) {
    for await (const piece of stream) this.update(piece);
    return this;
  }

  /** The document is complete. */
  finish() {
    return new Report(call(1, zy.stampsFinish, this.handle)[0]);
  }

  /** There is no document at hand. */
  finishWithoutDocument() {
    return new Report(call(1, zy.stampsFinishWithoutDocument, this.handle)[0]);
  }
}

/** Reads texts that belong together: `{ bytes, carrier, form, parts, repaired }`. What they carry is not believed: verify it. */
function decode(texts) {
  const carried = { struct_size: koffi.sizeof('zy_carried') };
  const sizes = texts.map((text) => Buffer.byteLength(text));
  const [decoded] = call(1, zy.carrierDecode, texts, sizes, texts.length, carried);
  const { carrier, form, parts, repaired } = carried;
  return { bytes: taken(decoded), carrier, form, parts, repaired };
}

/** Writes bytes as a text: 1 digits, 2 base45, 3 a block. */
function encode(bytes, carrier = 1) {
  return taken(call(1, zy.carrierEncode, bytes, bytes.length, carrier)[0]).toString();
}

/** Shows what bytes say, and verifies NOTHING: JSON. */
function inspect(bytes) {
  return taken(call(1, zy.inspect, bytes, bytes.length)[0]);
}

const SUITE_ED25519 = 1;
const SUITE_SM2 = 2;

module.exports = {
  SUITE_ED25519,
  SUITE_SM2,
  EXACTLY,
  NO_CLOCK,
  Policy,
  Reason,
  Report,
  Seen,
  StampStream,
  Store,
  Verifier,
  ZhengyinError,
  decode,
  encode,
  inspect,
  lib,
  version: () => zy.version(),
};
