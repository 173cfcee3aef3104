import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Verifies the stamps 电子签章 on a document, offline, and says what came of each in Chinese.
 *
 * <pre>
 * java -cp /usr/share/java/jna.jar:. Sealed STORE REGION DOCUMENT STAMPS
 * </pre>
 *
 * The document is read in pieces, however large it is. Exits with 0 where all stamps are valid, 10 where one is not, 20 where it cannot be told.
 */
public final class Sealed {
    private static final PrintStream OUT = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    private static final PrintStream ERR = new PrintStream(System.err, true, StandardCharsets.UTF_8);

    public static void main(String[] arguments) {
        if (arguments.length != 4) {
            ERR.println("usage: Sealed STORE REGION DOCUMENT STAMPS");
            System.exit(2);
        }
        try {
            System.exit(verify(arguments));
        } catch (IOException error) {
            ERR.println(error.getMessage());
        } catch (Zhengyin.ZhengyinException error) {
            ERR.println("未能核验：" + error.messageZh);
        }
        System.exit(1);
    }

    private static int verify(String[] arguments) throws IOException {
        try (var store = Zhengyin.Store.fromBytes(Files.readAllBytes(Path.of(arguments[0])));
                var policy = new Zhengyin.Policy("counter", arguments[1]);
                var verifier = new Zhengyin.Verifier(store, policy);
                var document = Files.newInputStream(Path.of(arguments[2]));
                var stream = verifier.openStamps(
                        Files.readAllBytes(Path.of(arguments[3])), Zhengyin.NOW_SYSTEM, Zhengyin.UNCERTAINTY_USUAL, null);
                var report = stream.read(document).finish()) {
            OUT.println("文件：" + told(report));
            int number = 0;
            for (var stamp : report.stamps()) {
                try (stamp) {
                    OUT.println("签章 " + ++number + "：" + told(stamp));
                }
            }
            return report.exitCode();
        }
    }

    private static String told(Zhengyin.Report report) {
        var ground = report.reason();
        return switch (report.verdict()) {
            case VALID -> "✓ 有效";
            case INVALID -> "✗ 无效：" + ground.text() + "（" + ground.symbol() + "）" + ground.remedy();
            case UNDETERMINED -> "? 无法判定：" + ground.text() + "（" + ground.symbol() + "）" + ground.remedy() + ground.caution();
        };
    }
}
