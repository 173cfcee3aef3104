import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/** Runs the script of calls that script.py wrote of test-vectors/, through examples/java: {@code Vectors SCRIPT}. */
public final class Vectors {
    private Zhengyin.Store store;
    private Zhengyin.Policy policy;
    private Zhengyin.Verifier verifier;
    private Zhengyin.Question asked;
    private List<Zhengyin.Report> stamps = List.of();

    public static void main(String[] arguments) throws Exception {
        var runner = new Vectors();
        var name = "";
        int cases = 0, reports = 0;
        for (var line : Files.readAllLines(Path.of(arguments[0]))) {
            var fields = line.split("\t", -1);
            try {
                runner.run(fields);
            } catch (Throwable error) {
                System.err.println(name + ": " + fields[0]);
                error.printStackTrace();
                System.exit(1);
            }
            if (fields[0].equals("case")) {
                name = fields[1];
                cases++;
            }
            reports += List.of("verify", "seal", "stamps", "stamp").contains(fields[0]) ? 1 : 0;
        }
        System.out.println("java: " + cases + " cases run, " + reports + " reports");
    }

    private void run(String[] fields) throws Exception {
        switch (fields[0]) {
            case "case" -> {}
            case "store" -> store = Zhengyin.Store.empty(fields[1]);
            case "object" -> applied(store.applyObject(bytes(fields[1]), Long.parseLong(fields[2]), Zhengyin.EXACTLY), fields[3]);
            case "pack" -> applied(store.apply(bytes(fields[1]), Long.parseLong(fields[2]), Zhengyin.EXACTLY), fields[3]);
            case "reload" -> store = Zhengyin.Store.fromBytes(store.toBytes());
            case "held" -> same(fields[1], sha256(store.json()));
            case "policy" -> policy(fields);
            case "question" -> question(fields);
            case "verifier" -> verifier = new Zhengyin.Verifier(store, policy);
            case "replace" -> verifier.replaceStore(store);
            case "verify" -> verify(fields);
            case "seal" -> seal(fields);
            case "stamps" -> stamps(fields);
            case "stamp" -> stamp(fields);
            case "flips" -> flips(bytes(fields[1]), Long.parseLong(fields[2]), Integer.parseInt(fields[3]));
            case "decode" -> decode(fields);
            case "inspect" -> same(fields[2], sha256(Zhengyin.inspect(bytes(fields[1]))));
            default -> throw new AssertionError("no call " + fields[0]);
        }
    }

    private void applied(Zhengyin.Store.Applied applied, String expected) {
        var words = new ArrayList<String>();
        for (var answer : applied.answers()) {
            words.add(answer.answer == 1 ? "n" : answer.answer == 2 ? "k" : Integer.toString(answer.reason));
        }
        same(expected, String.join(",", words));
        store.close();
        store = applied.store();
    }

    private void policy(String[] fields) {
        policy = new Zhengyin.Policy(fields[1], fields[2].equals("-") ? null : fields[2]);
        for (var step : items(fields[3], ",")) {
            policy.skip(Integer.parseInt(step));
        }
        if (!fields[4].equals("-")) {
            policy.limitStatusAge(Long.parseLong(fields[4]));
        }
        for (var item : items(fields[5], ";")) {
            var most = item.split(":");
            policy.limitGrace(text(most[0]), Long.parseLong(most[1]), Long.parseLong(most[2]), Long.parseLong(most[3]));
        }
        for (var item : items(fields[6], ";")) {
            var named = item.split(":");
            policy.setRiskClass(named[0], text(named[1]));
        }
        if (!fields[7].equals("-")) {
            policy.acceptSuites(Integer.parseInt(fields[7]));
        }
    }

    private void question(String[] fields) {
        asked = new Zhengyin.Question();
        if (!fields[1].equals("-")) asked.purpose(text(fields[1]));
        if (!fields[2].equals("-")) asked.audience(text(fields[2]));
        if (!fields[3].equals("-")) asked.useCase(text(fields[3]));
        if (!fields[4].equals("-")) asked.challenge(bytes(fields[4]));
        if (!fields[5].equals("-")) asked.eventTime(Long.parseLong(fields[5]));
        if (!fields[6].equals("-")) asked.knownAsOf(Long.parseLong(fields[6]));
        if (!fields[7].equals("-")) {
            var seen = new Zhengyin.Seen();
            for (var key : fields[7].split(",")) {
                if (!key.isEmpty()) seen.add(bytes(key), 253_402_300_799L);
            }
            asked.seen(seen);
        }
        if (!fields[8].equals("-")) asked.documentDigest(bytes(fields[8]));
        if (!fields[9].equals("-")) asked.documentSm3(bytes(fields[9]));
    }

    private void verify(String[] fields) throws Exception {
        try (var report = verifier.verify(bytes(fields[1]), Long.parseLong(fields[2]), Integer.parseInt(fields[3]), asked)) {
            same("1", Integer.toString(report.kind()));
            told(report, fields, 4);
        }
    }

    private void seal(String[] fields) throws Exception {
        try (var report = verifier.verifySeal(bytes(fields[1]), Long.parseLong(fields[2]), Integer.parseInt(fields[3]), asked)) {
            same("2", Integer.toString(report.kind()));
            told(report, fields, 4);
        }
    }

    private void stamps(String[] fields) throws Exception {
        if (!fields[3].equals("-")) asked.licenseType(fields[3]);
        if (!fields[4].equals("-")) asked.seals(bytes(fields[4]));
        byte[] file = bytes(fields[1]), document = fields[2].length() < 2 ? new byte[0] : bytes(fields[2]);
        long now = Long.parseLong(fields[5]);
        int uncertainty = Integer.parseInt(fields[6]);
        Zhengyin.Report report;
        try (var stream = verifier.openStamps(file, now, uncertainty, asked)) {
            if (fields[2].equals("-")) {
                report = stream.finishWithoutDocument();
            } else {
                for (int at = 0; at < document.length; at += 7) {
                    stream.update(Arrays.copyOfRange(document, at, document.length), Math.min(7, document.length - at));
                }
                report = stream.finish();
                try (var whole = verifier.verifyStamps(file, document, now, uncertainty, asked)) {
                    same(sha256(whole.cbor()), sha256(report.cbor()));
                }
            }
        }
        try (report) {
            same("4", Integer.toString(report.kind()));
            told(report, fields, 7);
            stamps = report.stamps();
            same(fields[12], Integer.toString(stamps.size()));
        }
    }

    private void stamp(String[] fields) throws Exception {
        try (var stamp = stamps.get(Integer.parseInt(fields[1]))) {
            same("3", Integer.toString(stamp.kind()));
            told(stamp, new String[] {fields[2], fields[3], fields[4], fields[6], fields[7]}, 0);
            if (!fields[5].equals("-")) {
                var points = new ArrayList<String>();
                for (int point = 1; point <= 8; point++) {
                    var found = stamp.point(point);
                    points.add(found.outcome + (found.reason == 0 ? "" : ":" + found.reason));
                }
                same(fields[5], String.join(",", points));
            }
        }
    }

    /** Verdict, step, ground, and the bytes of JSON and CBOR. */
    private static void told(Zhengyin.Report report, String[] fields, int at) throws Exception {
        var step = report.decidingStep();
        var reason = report.reason() == null ? 0 : report.reason().number();
        same(fields[at] + " " + fields[at + 1] + " " + fields[at + 2], report.verdict().ordinal() + " " + step + " " + reason);
        if (step != 0 && report.kind() != 4) same(fields[at + 2], Integer.toString(report.step(step).reason));
        if (!fields[at + 3].equals("-")) {
            same(fields[at + 3], sha256(report.json()));
            same(fields[at + 4], sha256(report.cbor()));
        }
    }

    private void flips(byte[] bytes, long now, int uncertainty) {
        for (int bit = 0; bit <= bytes.length * 8; bit++) {
            boolean whole = bit == bytes.length * 8;
            if (!whole) bytes[bit / 8] ^= (byte) (1 << bit % 8);
            try (var report = verifier.verify(bytes, now, uncertainty, asked)) {
                if ((report.verdict() == Zhengyin.Verdict.VALID) != whole) throw new AssertionError("bit " + bit);
            }
            if (!whole) bytes[bit / 8] ^= (byte) (1 << bit % 8);
        }
    }

    private static void decode(String[] fields) {
        var texts = Arrays.stream(fields[1].split(",", -1)).map(Vectors::text).toList();
        try {
            var found = Zhengyin.decode(texts);
            same(fields[2], "0");
            same(fields[3], HexFormat.of().formatHex(found.bytes()));
            same(fields[4], Integer.toString(found.how().carrier));
            if (!fields[5].equals("-")) same(fields[5] + " " + fields[6], found.how().form + " " + found.how().parts);
            if (!fields[7].equals("-")) same(fields[7], Integer.toString(found.how().repaired));
        } catch (Zhengyin.ZhengyinException error) {
            same(fields[2], Integer.toString(error.reason.number()));
        }
    }

    private static List<String> items(String field, String mark) {
        return field.equals("-") ? List.of() : List.of(field.split(mark));
    }

    private static byte[] bytes(String hex) {
        return HexFormat.of().parseHex(hex);
    }

    private static String text(String hex) {
        return new String(bytes(hex), StandardCharsets.UTF_8);
    }

    private static String sha256(byte[] bytes) throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    }

    private static void same(String expected, String found) {
        if (!expected.equals(found)) throw new AssertionError("expected " + expected + ", found " + found);
    }
}
