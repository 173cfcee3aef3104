// A kiosk: verifies one scanned code a line, offline, and says what came of it in Chinese.
//
//	go build -o kiosk . && ./kiosk STORE REGION < codes.txt
//
// STORE is what `zhengyin store` keeps, REGION where the kiosk stands (six digits). It never ends because of a bad code.

package main

import (
	"bufio"
	"fmt"
	"os"
)

func answer(verifier *Verifier, scan string) string {
	report, err := verifier.VerifyText(scan)
	if err != nil {
		// The call did not work: nothing was verified, and nothing may be concluded.
		fmt.Fprintf(os.Stderr, "未能核验：%v\n", err)
		return "? 未能核验"
	}
	defer report.Close()
	ground := report.Reason()
	switch report.Verdict() {
	case Valid:
		if until, ends := report.GoodUntil(); ends {
			return fmt.Sprintf("✓ 有效（此结论至 %d 为止）", until.Unix())
		}
		return "✓ 有效"
	case Invalid:
		return fmt.Sprintf("✗ 无效：%s（%s）%s", ground.Text(), ground.Symbol(), ground.Remedy())
	default:
		return fmt.Sprintf("? 无法判定：%s（%s）%s%s", ground.Text(), ground.Symbol(), ground.Remedy(), ground.Caution())
	}
}

func main() {
	if len(os.Args) != 3 {
		fmt.Fprintln(os.Stderr, "usage: kiosk STORE REGION < codes.txt")
		os.Exit(2)
	}
	store, err := os.ReadFile(os.Args[1])
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	verifier, err := NewVerifier(store, "kiosk", os.Args[2])
	if err != nil {
		fmt.Fprintf(os.Stderr, "%s：%v\n", os.Args[1], err)
		os.Exit(1)
	}
	defer verifier.Close()
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		if lines.Text() != "" {
			fmt.Println(answer(verifier, lines.Text()))
		}
	}
}
