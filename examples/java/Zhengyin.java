import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import com.sun.jna.Structure;
import com.sun.jna.ptr.PointerByReference;
import java.io.IOException;
import java.io.InputStream;
import java.lang.ref.Cleaner;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The library zhengyin for Java 17, by JNA (libjna-java of Debian, or net.java.dev.jna). Copy what you need of it.
 *
 * <pre>
 * var store = Zhengyin.Store.fromBytes(Files.readAllBytes(Path.of("trust.store")));
 * try (var verifier = new Zhengyin.Verifier(store, new Zhengyin.Policy("counter", "990100"));
 *      var report = verifier.verify(license, Zhengyin.NOW_SYSTEM, Zhengyin.UNCERTAINTY_USUAL, null)) {
 *     if (report.verdict() == Zhengyin.Verdict.VALID) …
 * }
 * </pre>
 *
 * A bad license is an answer, not an exception. Handles are freed by close(), or when nothing refers to them any more. Set
 * jna.library.path to where libzhengyin.so is, if that is no folder of the system.
 */
public final class Zhengyin {
    private Zhengyin() {}

    /** In place of the time: the system's clock is asked. */
    public static final long NOW_SYSTEM = -1;
    /** In place of the time: there is no clock, or none that is believed. */
    public static final long NOW_NONE = -2;
    /** How far a synchronised clock is believed to be off, in seconds. */
    public static final int UNCERTAINTY_USUAL = 120;
    /** In place of the uncertainty, for a store: it is exactly that time. */
    public static final int EXACTLY = -1;
    /** For {@link Policy#acceptSuites}: Ed25519 with SHA-256. */
    public static final int SUITE_ED25519 = 1;
    /** For {@link Policy#acceptSuites}: SM2 with SM3. */
    public static final int SUITE_SM2 = 2;
    /** There is no such moment. */
    public static final long NEVER = Long.MAX_VALUE;

    /** The functions of zhengyin.h that are called here. size_t is 64 bits. */
    interface C extends Library {
        C LIB = Native.load("zhengyin", C.class, Map.of(Library.OPTION_STRING_ENCODING, "UTF-8"));

        int zy_abi_version();
        String zy_version();
        String zy_reason_symbol(int reason);
        String zy_reason_text(int reason, int what, int language);
        int zy_error_reason(Pointer error);
        String zy_error_message(Pointer error, int language);
        void zy_error_free(Pointer error);
        Pointer zy_buffer_data(Pointer buffer);
        long zy_buffer_size(Pointer buffer);
        void zy_buffer_free(Pointer buffer);
        int zy_store_new(String pin, PointerByReference store, PointerByReference error);
        int zy_store_from_bytes(byte[] data, long size, Pointer readBody, Pointer context, PointerByReference store, PointerByReference error);
        int zy_store_to_bytes(Pointer store, PointerByReference written, PointerByReference error);
        int zy_store_apply(Pointer store, byte[] pack, long size, long now, int uncertainty, PointerByReference updated, PointerByReference answers, PointerByReference error);
        int zy_store_apply_object(Pointer store, byte[] object, long size, long now, int uncertainty, PointerByReference updated, PointerByReference answers, PointerByReference error);
        int zy_store_json(Pointer store, PointerByReference json, PointerByReference error);
        void zy_store_free(Pointer store);
        long zy_answers_count(Pointer answers);
        int zy_answers_get(Pointer answers, long index, Answer answer, PointerByReference error);
        void zy_answers_free(Pointer answers);
        int zy_policy_new(String name, String region, PointerByReference policy, PointerByReference error);
        int zy_policy_skip(Pointer policy, int step, PointerByReference error);
        int zy_policy_limit_grace(Pointer policy, String riskClass, long trustList, long directory, long statusList, PointerByReference error);
        int zy_policy_set_risk_class(Pointer policy, String typePrefix, String riskClass, PointerByReference error);
        int zy_policy_limit_status_age(Pointer policy, long seconds, PointerByReference error);
        int zy_policy_accept_suites(Pointer policy, int suites, PointerByReference error);
        void zy_policy_free(Pointer policy);
        int zy_seen_new(PointerByReference seen, PointerByReference error);
        int zy_seen_remember(Pointer seen, Pointer report, PointerByReference error);
        int zy_seen_add(Pointer seen, byte[] key, long size, long until, PointerByReference error);
        int zy_seen_forget(Pointer seen, long now, PointerByReference error);
        void zy_seen_free(Pointer seen);
        int zy_verifier_new(Pointer store, Pointer policy, PointerByReference verifier, PointerByReference error);
        int zy_verifier_replace_store(Pointer verifier, Pointer store, PointerByReference error);
        void zy_verifier_free(Pointer verifier);
        int zy_verify(Pointer verifier, byte[] credential, long size, long now, int uncertainty, Question question, PointerByReference report, PointerByReference error);
        int zy_verify_text(Pointer verifier, byte[] scanned, long size, long now, int uncertainty, Question question, PointerByReference report, PointerByReference error);
        int zy_verify_stamps(Pointer verifier, byte[] stamps, long size, byte[] document, long documentSize, long now, int uncertainty, Question question, PointerByReference report, PointerByReference error);
        int zy_verify_seal(Pointer verifier, byte[] seal, long size, long now, int uncertainty, Question question, PointerByReference report, PointerByReference error);
        int zy_stamps_open(Pointer verifier, byte[] stamps, long size, long now, int uncertainty, Question question, PointerByReference stream, PointerByReference error);
        int zy_stamps_update(Pointer stamps, byte[] piece, long size, PointerByReference error);
        int zy_stamps_finish(Pointer stamps, PointerByReference report, PointerByReference error);
        int zy_stamps_finish_without_document(Pointer stamps, PointerByReference report, PointerByReference error);
        void zy_stamps_free(Pointer stamps);
        int zy_report_kind(Pointer report);
        long zy_report_stamps_count(Pointer report);
        int zy_report_stamp(Pointer report, long index, PointerByReference stamp, PointerByReference error);
        int zy_report_point(Pointer report, int point, Outcome outcome, PointerByReference error);
        int zy_report_exit_code(Pointer report);
        int zy_report_verdict(Pointer report);
        int zy_report_reason(Pointer report);
        int zy_report_deciding_step(Pointer report);
        int zy_report_step(Pointer report, int step, Outcome outcome, PointerByReference error);
        long zy_report_good_until(Pointer report);
        int zy_report_json(Pointer report, int form, PointerByReference json, PointerByReference error);
        int zy_report_cbor(Pointer report, int form, PointerByReference cbor, PointerByReference error);
        void zy_report_free(Pointer report);
        int zy_inspect(byte[] data, long size, PointerByReference json, PointerByReference error);
        int zy_carrier_decode(Pointer[] texts, long[] sizes, long count, Carried carried, PointerByReference decoded, PointerByReference error);
        int zy_carrier_encode(byte[] data, long size, int carrier, PointerByReference written, PointerByReference error);
    }

    static {
        if (C.LIB.zy_abi_version() != 1) {
            throw new IllegalStateException("libzhengyin is of another interface than this class was written for");
        }
    }

    /** zy_answer: what became of one object. */
    @Structure.FieldOrder({"structSize", "answer", "kind", "reason", "seq"})
    public static class Answer extends Structure {
        public int structSize, answer, kind, reason;
        public long seq;

        public Answer() {
            structSize = size();
        }
    }

    /** zy_outcome: what a step came to. */
    @Structure.FieldOrder({"structSize", "outcome", "reason", "blockedBy"})
    public static class Outcome extends Structure {
        public int structSize, outcome, reason, blockedBy;

        public Outcome() {
            structSize = size();
        }
    }

    /** zy_carried: how a text carried its bytes. */
    @Structure.FieldOrder({"structSize", "carrier", "form", "parts", "repaired", "reserved"})
    public static class Carried extends Structure {
        public int structSize, carrier, form, parts, repaired, reserved;

        public Carried() {
            structSize = size();
        }
    }

    /** zy_question: what is asked of one credential beyond what every one is asked. */
    @Structure.FieldOrder({"structSize", "has", "eventTime", "knownAsOf", "purpose", "audience", "useCase", "challenge", "challengeSize", "seen", "document", "documentSize", "documentDigest", "documentDigestSize", "documentSm3", "documentSm3Size", "licenseType", "seals", "sealsSize"})
    public static class Question extends Structure {
        public int structSize, has;
        public long eventTime, knownAsOf;
        public Pointer purpose, audience, useCase, challenge;
        public long challengeSize;
        public Pointer seen, document;
        public long documentSize;
        public Pointer documentDigest;
        public long documentDigestSize;
        public Pointer documentSm3;
        public long documentSm3Size;
        public Pointer licenseType, seals;
        public long sealsSize;
        /** What the pointers point to lives as long as the question. */
        private final List<Object> kept = new ArrayList<>();

        public Question() {
            structSize = size();
        }

        public Question eventTime(long seconds) {
            has |= 1;
            eventTime = seconds;
            return this;
        }

        public Question knownAsOf(long seconds) {
            has |= 2;
            knownAsOf = seconds;
            return this;
        }

        public Question purpose(String text) {
            purpose = text(text);
            return this;
        }

        public Question audience(String text) {
            audience = text(text);
            return this;
        }

        public Question useCase(String text) {
            useCase = text(text);
            return this;
        }

        public Question challenge(byte[] sixteen) {
            challenge = memory(sixteen);
            challengeSize = sixteen.length;
            return this;
        }

        /** The document that was shown beside the license. */
        public Question document(byte[] whole) {
            has |= 4;
            document = memory(whole);
            documentSize = whole.length;
            return this;
        }

        /** In place of the document, its SHA-256. */
        public Question documentDigest(byte[] sha256) {
            documentDigest = memory(sha256);
            documentDigestSize = sha256.length;
            return this;
        }

        /** In place of the document, its SM3, beside its SHA-256 or alone. */
        public Question documentSm3(byte[] sm3) {
            documentSm3 = memory(sm3);
            documentSm3Size = sm3.length;
            return this;
        }

        /** Of stamps: the type of the license that the document belongs to. */
        public Question licenseType(String code) {
            licenseType = text(code);
            return this;
        }

        /** Of stamps: seals that are kept apart from them. */
        public Question seals(byte[] kept) {
            seals = memory(kept);
            sealsSize = kept.length;
            return this;
        }

        public Question seen(Seen known) {
            kept.add(known);
            seen = known.pointer();
            return this;
        }

        private Pointer text(String text) {
            return memory((text + "\0").getBytes(StandardCharsets.UTF_8));
        }

        private Pointer memory(byte[] bytes) {
            var memory = memoryOf(bytes);
            kept.add(memory);
            return memory;
        }
    }

    private static com.sun.jna.Memory memoryOf(byte[] bytes) {
        var memory = new com.sun.jna.Memory(Math.max(1, bytes.length));
        memory.write(0, bytes, 0, bytes.length);
        return memory;
    }

    /** What a report comes to. Anything but VALID is not to be relied on. */
    public enum Verdict {
        UNDETERMINED,
        VALID,
        INVALID
    }

    /** A ground: of a verdict, or of a refusal. */
    public record Reason(int number) {
        /** Its name, such as status.revoked. */
        public String symbol() {
            return C.LIB.zy_reason_symbol(number);
        }

        /** What is wrong, in Chinese. */
        public String text() {
            return C.LIB.zy_reason_text(number, 1, 1);
        }

        /** What to do next, in Chinese; may be empty. */
        public String remedy() {
            return C.LIB.zy_reason_text(number, 2, 1);
        }

        /** What must not be concluded from it, in Chinese; may be empty. */
        public String caution() {
            return C.LIB.zy_reason_text(number, 3, 1);
        }

        static Reason of(int number) {
            return number == 0 ? null : new Reason(number);
        }
    }

    /** A call that did not work: a caller's mistake, or content that is not what the function takes (then there is a reason). */
    public static final class ZhengyinException extends RuntimeException {
        private static final long serialVersionUID = 1;

        public final int status;
        public final transient Reason reason;
        public final String messageZh;

        ZhengyinException(int status, Reason reason, String message, String messageZh) {
            super(message);
            this.status = status;
            this.reason = reason;
            this.messageZh = messageZh;
        }
    }

    private interface Call {
        int with(PointerByReference out, PointerByReference error);
    }

    /** Calls; gives the handle that it made. */
    private static Pointer call(Call call) {
        var out = new PointerByReference();
        var error = new PointerByReference();
        check(call.with(out, error), error);
        return out.getValue();
    }

    private static void check(int status, PointerByReference error) {
        if (status == 0) {
            return;
        }
        var handle = error.getValue();
        try {
            throw new ZhengyinException(
                    status,
                    Reason.of(C.LIB.zy_error_reason(handle)),
                    C.LIB.zy_error_message(handle, 2),
                    C.LIB.zy_error_message(handle, 1));
        } finally {
            C.LIB.zy_error_free(handle);
        }
    }

    /** What a buffer holds, copied; the buffer is freed. */
    private static byte[] taken(Pointer buffer) {
        try {
            return C.LIB.zy_buffer_data(buffer).getByteArray(0, Math.toIntExact(C.LIB.zy_buffer_size(buffer)));
        } finally {
            C.LIB.zy_buffer_free(buffer);
        }
    }

    private static final Cleaner CLEANER = Cleaner.create();

    private interface Free {
        void handle(Pointer handle);
    }

    /** Something of the library's. */
    public abstract static class Handle implements AutoCloseable {
        private final Pointer pointer;
        private final Cleaner.Cleanable cleanable;

        private Handle(Pointer pointer, Free free) {
            this.pointer = pointer;
            this.cleanable = CLEANER.register(this, () -> free.handle(pointer));
        }

        Pointer pointer() {
            return pointer;
        }

        @Override
        public final void close() {
            cleanable.clean();
        }
    }

    /** What a verifier holds. It never changes: apply makes a new one. */
    public static final class Store extends Handle {
        private Store(Pointer pointer) {
            super(pointer, C.LIB::zy_store_free);
        }

        /** A store that will believe the federation of the pin, and no other. */
        public static Store empty(String pin) {
            return new Store(call((out, error) -> C.LIB.zy_store_new(pin, out, error)));
        }

        /** Reads a store back, and verifies everything in it again. */
        public static Store fromBytes(byte[] bytes) {
            return new Store(call((out, error) -> C.LIB.zy_store_from_bytes(bytes, bytes.length, null, null, out, error)));
        }

        public byte[] toBytes() {
            return taken(call((out, error) -> C.LIB.zy_store_to_bytes(pointer(), out, error)));
        }

        /** What is held, as JSON. */
        public byte[] json() {
            return taken(call((out, error) -> C.LIB.zy_store_json(pointer(), out, error)));
        }

        /** A new store, and what became of each object that was offered. */
        public record Applied(Store store, List<Answer> answers) {}

        /** Offers the objects of a pack. Keep the new store even where everything was refused. */
        public Applied apply(byte[] pack, long now, int uncertainty) {
            return offer((answers, out, error) ->
                    C.LIB.zy_store_apply(pointer(), pack, pack.length, now, uncertainty, out, answers, error));
        }

        /** Offers one object, and nothing but it. */
        public Applied applyObject(byte[] object, long now, int uncertainty) {
            return offer((answers, out, error) ->
                    C.LIB.zy_store_apply_object(pointer(), object, object.length, now, uncertainty, out, answers, error));
        }

        private interface Offer {
            int with(PointerByReference answers, PointerByReference out, PointerByReference error);
        }

        private static Applied offer(Offer offer) {
            var told = new PointerByReference();
            var store = new Store(call((out, error) -> offer.with(told, out, error)));
            var handle = told.getValue();
            try {
                var answers = new ArrayList<Answer>();
                for (long at = 0; at < C.LIB.zy_answers_count(handle); at++) {
                    var answer = new Answer();
                    var error = new PointerByReference();
                    check(C.LIB.zy_answers_get(handle, at, answer, error), error);
                    answers.add(answer);
                }
                return new Applied(store, answers);
            } finally {
                C.LIB.zy_answers_free(handle);
            }
        }
    }

    /** What a verifier asks for: counter, kiosk, archive or strict, in a region (may be null). */
    public static final class Policy extends Handle {
        public Policy(String name, String region) {
            super(call((out, error) -> C.LIB.zy_policy_new(name, region, out, error)), C.LIB::zy_policy_free);
        }

        /** Says that recognition (6) or presentation (7) is not to be asked. */
        public Policy skip(int step) {
            return changed((error) -> C.LIB.zy_policy_skip(pointer(), step, error));
        }

        public Policy limitGrace(String riskClass, long trustList, long directory, long statusList) {
            return changed((error) -> C.LIB.zy_policy_limit_grace(pointer(), riskClass, trustList, directory, statusList, error));
        }

        public Policy setRiskClass(String typePrefix, String riskClass) {
            return changed((error) -> C.LIB.zy_policy_set_risk_class(pointer(), typePrefix, riskClass, error));
        }

        public Policy limitStatusAge(long seconds) {
            return changed((error) -> C.LIB.zy_policy_limit_status_age(pointer(), seconds, error));
        }

        /** A sum of SUITE_ED25519 and SUITE_SM2: what rests on a signature by another is undetermined. */
        public Policy acceptSuites(int suites) {
            return changed((error) -> C.LIB.zy_policy_accept_suites(pointer(), suites, error));
        }

        private Policy changed(java.util.function.ToIntFunction<PointerByReference> call) {
            var error = new PointerByReference();
            check(call.applyAsInt(error), error);
            return this;
        }
    }

    /** Presentations that were accepted: each is good once. */
    public static final class Seen extends Handle {
        public Seen() {
            super(call(C.LIB::zy_seen_new), C.LIB::zy_seen_free);
        }

        public void remember(Report report) {
            var error = new PointerByReference();
            check(C.LIB.zy_seen_remember(pointer(), report.pointer(), error), error);
        }

        public void add(byte[] key, long until) {
            var error = new PointerByReference();
            check(C.LIB.zy_seen_add(pointer(), key, key.length, until, error), error);
        }

        public void forget(long now) {
            var error = new PointerByReference();
            check(C.LIB.zy_seen_forget(pointer(), now, error), error);
        }
    }

    /** The answer to a verification. */
    public static final class Report extends Handle {
        private Report(Pointer pointer) {
            super(pointer, C.LIB::zy_report_free);
        }

        public Verdict verdict() {
            return switch (C.LIB.zy_report_verdict(pointer())) {
                case 1 -> Verdict.VALID;
                case 2 -> Verdict.INVALID;
                default -> Verdict.UNDETERMINED;
            };
        }

        /** The ground that decides; null of a valid one. */
        public Reason reason() {
            return Reason.of(C.LIB.zy_report_reason(pointer()));
        }

        /** The step that decides, from 1 for encoding to 9 for seal; 0 of a valid one. */
        public int decidingStep() {
            return C.LIB.zy_report_deciding_step(pointer());
        }

        /** What the command zhengyin would exit with: 0 valid, 10 invalid, 20 undetermined. */
        public int exitCode() {
            return C.LIB.zy_report_exit_code(pointer());
        }

        /** What a step came to; of a file of stamps each stamp has its own. */
        public Outcome step(int step) {
            var outcome = new Outcome();
            var error = new PointerByReference();
            check(C.LIB.zy_report_step(pointer(), step, outcome, error), error);
            return outcome;
        }

        /** Of what it is a report: 1 a license, 2 a seal, 3 one stamp, 4 a file of stamps. */
        public int kind() {
            return C.LIB.zy_report_kind(pointer());
        }

        /** Of a file of stamps, the report of each; after them those of what is neither stamp nor seal. */
        public List<Report> stamps() {
            var stamps = new ArrayList<Report>();
            long count = C.LIB.zy_report_stamps_count(pointer());
            for (long at = 0; at < count; at++) {
                long index = at;
                stamps.add(new Report(call((out, error) -> C.LIB.zy_report_stamp(pointer(), index, out, error))));
            }
            return stamps;
        }

        /** Of one stamp, what a point of its seal came to: 1 present, 2 encoding, 3 maker, 4 signature, 5 owner, 6 key, 7 validity, 8 kind. */
        public Outcome point(int point) {
            var outcome = new Outcome();
            var error = new PointerByReference();
            check(C.LIB.zy_report_point(pointer(), point, outcome, error), error);
            return outcome;
        }

        /** The earliest second since 1970 at which the verdict could change without new data, or NEVER. */
        public long goodUntil() {
            return C.LIB.zy_report_good_until(pointer());
        }

        /** The whole report as JSON, with texts in Chinese and English. */
        public byte[] json() {
            return taken(call((out, error) -> C.LIB.zy_report_json(pointer(), 1, out, error)));
        }

        /** The whole report in canonical CBOR. */
        public byte[] cbor() {
            return taken(call((out, error) -> C.LIB.zy_report_cbor(pointer(), 0, out, error)));
        }
    }

    /** A store and a policy. Any number of threads may use one. */
    public static final class Verifier extends Handle {
        public Verifier(Store store, Policy policy) {
            super(
                    call((out, error) -> C.LIB.zy_verifier_new(store.pointer(), policy.pointer(), out, error)),
                    C.LIB::zy_verifier_free);
        }

        /** Goes on with another store. */
        public void replaceStore(Store store) {
            var error = new PointerByReference();
            check(C.LIB.zy_verifier_replace_store(pointer(), store.pointer(), error), error);
        }

        /** Verifies a license; the question may be null. */
        public Report verify(byte[] credential, long now, int uncertainty, Question question) {
            return new Report(call((out, error) ->
                    C.LIB.zy_verify(pointer(), credential, credential.length, now, uncertainty, question, out, error)));
        }

        /** Verifies a file of stamps over a document that is at hand whole; the question may be null. */
        public Report verifyStamps(byte[] stamps, byte[] document, long now, int uncertainty, Question question) {
            return new Report(call((out, error) -> C.LIB.zy_verify_stamps(
                    pointer(), stamps, stamps.length, document, document.length, now, uncertainty, question, out, error)));
        }

        /** Begins to verify a file of stamps over a document that follows in pieces. */
        public StampStream openStamps(byte[] stamps, long now, int uncertainty, Question question) {
            return new StampStream(call((out, error) ->
                    C.LIB.zy_stamps_open(pointer(), stamps, stamps.length, now, uncertainty, question, out, error)));
        }

        /** Verifies a seal by itself. */
        public Report verifySeal(byte[] seal, long now, int uncertainty, Question question) {
            return new Report(call((out, error) ->
                    C.LIB.zy_verify_seal(pointer(), seal, seal.length, now, uncertainty, question, out, error)));
        }

        /** Verifies the text of a scanned code. */
        public Report verify(String scanned, long now, int uncertainty, Question question) {
            var bytes = scanned.getBytes(StandardCharsets.UTF_8);
            return new Report(call((out, error) ->
                    C.LIB.zy_verify_text(pointer(), bytes, bytes.length, now, uncertainty, question, out, error)));
        }
    }

    /** Stamps whose document is still coming, piece by piece. One thread at a time; it gives its report once. */
    public static final class StampStream extends Handle {
        private StampStream(Pointer pointer) {
            super(pointer, C.LIB::zy_stamps_free);
        }

        /** The next piece of the document. */
        public StampStream update(byte[] piece, int size) {
            var error = new PointerByReference();
            check(C.LIB.zy_stamps_update(pointer(), piece, size, error), error);
            return this;
        }

        /** Takes all that is left of a stream. */
        public StampStream read(InputStream document) throws IOException {
            var piece = new byte[1 << 16];
            for (int size = document.read(piece); size >= 0; size = document.read(piece)) {
                update(piece, size);
            }
            return this;
        }

        /** The document is complete. */
        public Report finish() {
            return new Report(call((out, error) -> C.LIB.zy_stamps_finish(pointer(), out, error)));
        }

        /** There is no document at hand. */
        public Report finishWithoutDocument() {
            return new Report(call((out, error) -> C.LIB.zy_stamps_finish_without_document(pointer(), out, error)));
        }
    }

    /** What texts carried, and how. */
    public record Decoded(byte[] bytes, Carried how) {}

    /** Reads texts that belong together. What they carry is not believed: verify it. */
    public static Decoded decode(List<String> texts) {
        var memories = new Pointer[texts.size()];
        var sizes = new long[texts.size()];
        for (int at = 0; at < memories.length; at++) {
            var bytes = texts.get(at).getBytes(StandardCharsets.UTF_8);
            memories[at] = memoryOf(bytes);
            sizes[at] = bytes.length;
        }
        var carried = new Carried();
        return new Decoded(
                taken(call((out, error) -> C.LIB.zy_carrier_decode(memories, sizes, sizes.length, carried, out, error))), carried);
    }

    /** Writes bytes as a text: 1 digits, 2 base45, 3 a block. */
    public static String encode(byte[] bytes, int carrier) {
        return new String(
                taken(call((out, error) -> C.LIB.zy_carrier_encode(bytes, bytes.length, carrier, out, error))),
                StandardCharsets.UTF_8);
    }

    /** Shows what bytes say, and verifies NOTHING: JSON. */
    public static byte[] inspect(byte[] bytes) {
        return taken(call((out, error) -> C.LIB.zy_inspect(bytes, bytes.length, out, error)));
    }

    /** The library's version. */
    public static String version() {
        return C.LIB.zy_version();
    }
}
