import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A kiosk: verifies one scanned code a line, offline, and says what came of it in Chinese.
 *
 * <pre>
 * javac -cp /usr/share/java/jna.jar *.java
 * java -cp /usr/share/java/jna.jar:. Kiosk STORE REGION &lt; codes.txt
 * </pre>
 *
 * STORE is what `zhengyin store` keeps, REGION where the kiosk stands (six digits). It never ends because of a bad code.
 */
public final class Kiosk {
    private static final PrintStream OUT = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    private static final PrintStream ERR = new PrintStream(System.err, true, StandardCharsets.UTF_8);

    public static void main(String[] arguments) throws IOException {
        if (arguments.length != 2) {
            ERR.println("usage: Kiosk STORE REGION < codes.txt");
            System.exit(2);
        }
        try (var store = Zhengyin.Store.fromBytes(Files.readAllBytes(Path.of(arguments[0])));
                var policy = new Zhengyin.Policy("kiosk", arguments[1]);
                var verifier = new Zhengyin.Verifier(store, policy);
                var lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            for (var line = lines.readLine(); line != null; line = lines.readLine()) {
                if (!line.isEmpty()) {
                    OUT.println(answer(verifier, line));
                }
            }
        } catch (Zhengyin.ZhengyinException error) {
            ERR.println(arguments[0] + "：" + error.messageZh);
            System.exit(1);
        }
    }

    private static String answer(Zhengyin.Verifier verifier, String scan) {
        try (var report = verifier.verify(scan, Zhengyin.NOW_SYSTEM, Zhengyin.UNCERTAINTY_USUAL, null)) {
            var ground = report.reason();
            return switch (report.verdict()) {
                case VALID -> report.goodUntil() == Zhengyin.NEVER
                        ? "✓ 有效"
                        : "✓ 有效（此结论至 " + report.goodUntil() + " 为止）";
                case INVALID -> "✗ 无效：" + ground.text() + "（" + ground.symbol() + "）" + ground.remedy();
                case UNDETERMINED -> "? 无法判定：" + ground.text() + "（" + ground.symbol() + "）" + ground.remedy() + ground.caution();
            };
        } catch (Zhengyin.ZhengyinException error) {
            // The call did not work: nothing was verified, and nothing may be concluded.
            ERR.println("未能核验：" + error.messageZh);
            return "? 未能核验";
        }
    }
}
